import { useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { Page } from "../../ui/Page";
import { KeyActions } from "./KeyActions";
import { KeyBadge } from "./KeyBadge";
import { KeyFacts } from "./KeyFacts";
import { KeyUsage } from "./KeyUsage";

const KEY = graphql(`
  query Key($id: ID!) {
    node(id: $id) {
      __typename
      ... on ApiKey {
        id
        name
        expiresAt
        revokedAt
        warning
        ...KeyActions_key
        ...KeyFacts_key
        ...KeyUsage_key
      }
    }
  }
`);

export const loader = ({ params }: LoaderFunctionArgs) =>
  preload(KEY, { variables: { id: params["id"] ?? "" }, fetchPolicy: "network-only" });

export function Component() {
  const { node: key } = useReadQuery(useLoaderData<typeof loader>()).data;
  if (key?.__typename !== "ApiKey") return <NotFound />;
  return (
    <Page
      title={key.name}
      mark={<KeyBadge apiKey={key} />}
      summary={key.warning && <span className="text-warn">{key.warning}</span>}
      actions={!key.revokedAt && <KeyActions apiKey={key} />}
    >
      <KeyFacts apiKey={key} />
      <KeyUsage apiKey={key} />
    </Page>
  );
}
