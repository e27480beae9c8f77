import { useReadQuery } from "@apollo/client/react";
import { Link, type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { ButtonLink } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { counted, plainName } from "../../ui/words";
import { ChooseVersion } from "./ChooseVersion";
import { TrainingForm } from "./TrainingForm";

const VERSION = graphql(`
  query TrainOn($id: ID!) {
    node(id: $id) {
      __typename
      ... on DatasetVersion {
        id
        number
        status
        rows
        profile { labelledRows labelCount }
        dataset { id name }
        ...TrainingForm_version
      }
    }
  }
`);

export function loader({ request }: LoaderFunctionArgs) {
  const id = new URL(request.url).searchParams.get("version");
  return { version: id ? preload(VERSION, { variables: { id } }) : undefined };
}

export function Component() {
  const { version } = useLoaderData<typeof loader>();
  if (version) return <OnVersion version={version} />;
  return (
    <Page title="Train a model" summary="Choose what it is to learn from.">
      <ChooseVersion />
    </Page>
  );
}

function OnVersion(props: { version: NonNullable<ReturnType<typeof loader>["version"]> }) {
  const { node: version } = useReadQuery(props.version).data;
  if (version?.__typename !== "DatasetVersion") return <NotFound />;
  const { dataset, number, rows, profile, status } = version;
  return (
    <Page
      title="Train a model"
      summary={
        <>
          On{" "}
          <Link to={`/datasets/${dataset?.id}`} className="text-accent underline">
            {dataset?.name}
          </Link>
          , version {number}: {counted(rows, "row")}
          {profile && `, ${counted(profile.labelCount, "label")}`}
        </>
      }
      actions={<ButtonLink to="/train">Other data</ButtonLink>}
    >
      {status === "READY" ? (
        <TrainingForm key={version.id} version={version} />
      ) : (
        <Empty
          title={`This version is ${plainName(status)}`}
          action={<ButtonLink to={`/datasets/${dataset?.id}`}>To the data set</ButtonLink>}
        >
          Only a version that was read can be trained on.
        </Empty>
      )}
    </Page>
  );
}
