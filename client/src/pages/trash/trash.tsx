import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { TrashRow } from "./TrashRow";

const TRASH = graphql(`
  query Trash($after: String) {
    trash(first: 20, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...TrashRow_thing }
    }
  }
`);

export const loader = () => preload(TRASH, { fetchPolicy: "network-only" });

export function Component() {
  const trash = useLoaderData() as ReturnType<typeof loader>;
  const { fetchMore, refetch } = useQueryRefHandlers(trash);
  const { nodes, pageInfo, totalCount } = useReadQuery(trash).data.trash;
  return (
    <Page
      title="Trash"
      summary={`${counted(totalCount, "deleted thing")}, each kept until its day of purging`}
    >
      {nodes.length === 0 ? (
        <Empty title="The trash is empty">
          Data sets and models that were deleted are kept here for a while, and can come back.
        </Empty>
      ) : (
        <Table label="Trash">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>Deleted</Th>
              <Th>Gone for good</Th>
              <Th>Takes along</Th>
              <Th kind="action">What to do</Th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((thing) => (
              <TrashRow key={thing.id} thing={thing} onChanged={() => refetch()} />
            ))}
          </tbody>
        </Table>
      )}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
