import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { LiveBadge } from "../../ui/LiveBadge";
import { Page } from "../../ui/Page";
import { GoldenQuestions } from "./GoldenQuestions";
import { ModelActions } from "./ModelActions";
import { ModelDescription } from "./ModelDescription";
import { ModelFacts } from "./ModelFacts";
import { ModelFeed } from "./ModelFeed";
import { ModelTrend } from "./ModelTrend";
import { PublishedBadge } from "./PublishedBadge";
import { VersionTable } from "./VersionTable";

const MODEL = graphql(`
  query Model($id: ID!) {
    model(id: $id) {
      id
      name
      publishedVersion { id number }
      ...GoldenQuestions_model
      ...ModelActions_model
      ...ModelDescription_model
      ...ModelFacts_model
      ...ModelTrend_model
      ...VersionTable_model
    }
  }
`);

export function loader({ params }: LoaderFunctionArgs) {
  return preload(MODEL, { variables: { id: params["id"] ?? "" } });
}

export function Component() {
  const query = useLoaderData<typeof loader>();
  // Before the data is read: what is fetched anew would else be shown one drawing too late.
  const { refetch } = useQueryRefHandlers(query);
  const { model } = useReadQuery(query).data;
  if (!model) return <NotFound />;
  const feed = `model ${model.id}`;
  return (
    <Page
      title={model.name}
      mark={
        <>
          <PublishedBadge number={model.publishedVersion?.number} />
          <LiveBadge feed={feed} />
        </>
      }
      summary={<ModelDescription model={model} />}
      actions={<ModelActions model={model} />}
    >
      <ModelFeed key={model.id} id={model.id} feed={feed} onTurn={() => refetch()} />
      <VersionTable model={model} />
      <div className="grid items-start gap-4 lg:grid-cols-[2fr_1fr]">
        <ModelTrend model={model} />
        <ModelFacts model={model} />
      </div>
      <GoldenQuestions model={model} onChange={() => refetch()} />
    </Page>
  );
}
