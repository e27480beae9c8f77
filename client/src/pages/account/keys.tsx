import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { CreateKey } from "./CreateKey";
import { KeyRow } from "./KeyRow";

const KEYS = graphql(`
  query Keys($after: String) {
    viewer {
      scopes
      apiKeys(first: 50, after: $after) {
        totalCount
        pageInfo { hasNextPage endCursor }
        nodes { id ...KeyRow_key }
      }
    }
    models(first: 100) { nodes { id name } }
  }
`);

export const loader = () => preload(KEYS, { fetchPolicy: "network-only" });

export function Component() {
  const keys = useLoaderData() as ReturnType<typeof loader>;
  const { fetchMore, refetch } = useQueryRefHandlers(keys);
  const { viewer, models } = useReadQuery(keys).data;
  const { nodes, pageInfo, totalCount } = viewer.apiKeys;
  return (
    <Page
      title="My keys"
      summary={`${counted(totalCount, "API key")}, with those that have ended`}
      actions={
        <CreateKey
          scopes={viewer.scopes}
          models={models.nodes.map(({ id, name }) => ({ value: id, label: name }))}
          onCreated={() => refetch()}
        />
      }
    >
      {nodes.length === 0 ? (
        <Empty title="No keys yet">
          A key lets a program ask in your name, with the rights that you give it and no others.
        </Empty>
      ) : (
        <Table label="API keys">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>State</Th>
              <Th>May</Th>
              <Th>A day</Th>
              <Th>Last use</Th>
              <Th>Ends</Th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((key) => (
              <KeyRow key={key.id} apiKey={key} />
            ))}
          </tbody>
        </Table>
      )}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
