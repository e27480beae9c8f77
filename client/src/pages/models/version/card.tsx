import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../../api/apollo";
import { graphql } from "../../../gql";
import { NotFound } from "../../../shell/RouteError";
import { Moment } from "../../../ui/Moment";
import { Empty } from "../../../ui/States";
import { useMayChange } from "../useMayChange";
import { ExportCard } from "./carding/ExportCard";
import { Section } from "./carding/Section";

const CARD = graphql(`
  query VersionCard($id: ID!) {
    modelVersion(id: $id) {
      id
      number
      model { id name owner { id } }
      card {
        revision
        editedAt
        editedBy { id name }
        sections { section title facts text }
      }
    }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  return preload(CARD, { variables: { id: params["version"] ?? "" } });
}

export function Component() {
  const query = useLoaderData<typeof loader>();
  // Before the data is read: what is fetched anew would else be shown one drawing too late.
  const { refetch } = useQueryRefHandlers(query);
  const { modelVersion: version } = useReadQuery(query).data;
  const mayChange = useMayChange(version?.model?.owner?.id);
  if (!version) return <NotFound />;
  const { model, card } = version;
  if (!model || !card) return <Empty title="There is no card" />;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <p className="text-soft">
          What one has to know before using it. The facts are the training's, the rest is written by
          people, for all versions.
          {card.editedAt && (
            <>
              {" "}
              Written on <Moment at={card.editedAt} />
              {card.editedBy && ` by ${card.editedBy.name}`}.
            </>
          )}
        </p>
        <ExportCard versionId={version.id} file={`${model.name}-${version.number}.html`} />
      </div>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {card.sections.map((part) => (
          <Section
            key={part.section}
            part={part}
            modelId={model.id}
            revision={card.revision}
            mayChange={mayChange}
            onDone={() => refetch()}
          />
        ))}
      </div>
    </>
  );
}
