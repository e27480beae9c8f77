import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData, useSearchParams } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { useViewer } from "../../shell/viewer";
import { ButtonLink } from "../../ui/Button";
import { LiveBadge } from "../../ui/LiveBadge";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Select } from "../../ui/Select";
import { Empty } from "../../ui/States";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { GuideLink } from "../welcome/GuideLink";
import { ModelRow } from "./ModelRow";
import { ModelsFeed } from "./ModelsFeed";

const MODELS = graphql(`
  query Models($published: Boolean, $after: String) {
    models(first: 50, after: $after, filter: { published: $published }) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...ModelRow_model }
    }
  }
`);

const WHICH = [
  { value: "", label: "All models" },
  { value: "yes", label: "Published" },
  { value: "no", label: "Not published" },
] as const;

type Which = (typeof WHICH)[number]["value"];

function whichOf(search: URLSearchParams): Which {
  const asked = search.get("published");
  return WHICH.find(({ value }) => value === asked)?.value ?? "";
}

export function loader({ request }: LoaderFunctionArgs) {
  const which = whichOf(new URL(request.url).searchParams);
  return preload(MODELS, { variables: { published: which === "" ? null : which === "yes" } });
}

export function Component() {
  const models = useLoaderData<typeof loader>();
  // Before the data is read: what is fetched anew would else be shown one drawing too late.
  const { fetchMore, refetch } = useQueryRefHandlers(models);
  const { data } = useReadQuery(models);
  const { role } = useViewer();
  const [search, setSearch] = useSearchParams();
  const { nodes, pageInfo, totalCount } = data.models;
  const which = whichOf(search);
  return (
    <Page
      title="Models"
      mark={role === "ADMIN" && <LiveBadge feed="models" />}
      summary={counted(totalCount, "model")}
      actions={
        <>
          <div className="w-40">
            <Select
              label="Which models"
              choices={WHICH}
              value={which}
              onChange={(published) => setSearch(published ? { published } : {})}
            />
          </div>
          <ButtonLink to="/train" look="primary">
            Train a model
          </ButtonLink>
        </>
      }
    >
      <ModelsFeed onTurn={() => refetch()} />
      {nodes.length === 0 ? (
        <Empty
          title={which ? "No such models" : "No models yet"}
          action={
            which ? null : (
              <span className="flex flex-wrap justify-center gap-2">
                <ButtonLink to="/train" look="primary">
                  Train the first one
                </ButtonLink>
                <GuideLink />
              </span>
            )
          }
        >
          {which
            ? "No model is in that state."
            : "A model is trained on a data set; its published version answers under its name."}
        </Empty>
      ) : (
        <Table label="Models">
          <thead>
            <tr>
              <Th>Model</Th>
              <Th>State</Th>
              <Th kind="number">Accuracy</Th>
              <Th kind="number">Macro F1</Th>
              <Th kind="number">Labels</Th>
              <Th>Data set</Th>
              <Th>Newest version</Th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((model) => (
              <ModelRow key={model.id} model={model} />
            ))}
          </tbody>
        </Table>
      )}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
