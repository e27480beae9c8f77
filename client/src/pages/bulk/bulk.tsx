import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { Plus } from "lucide-react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { ButtonLink } from "../../ui/Button";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { BulkRow } from "./BulkRow";

const BULK = graphql(`
  query BulkPredictions($after: String) {
    bulkPredictions(first: 30, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...BulkRow_bulk }
    }
  }
`);

export function loader() {
  return preload(BULK, { fetchPolicy: "cache-and-network" });
}

/** Files of answers: those being written, those that can be fetched, those that are gone. */
export function Component() {
  const bulk = useLoaderData() as ReturnType<typeof loader>;
  const { fetchMore } = useQueryRefHandlers(bulk);
  const { nodes, pageInfo, totalCount } = useReadQuery(bulk).data.bulkPredictions;
  const begin = (
    <ButtonLink look="primary" to="/bulk/new">
      <Plus aria-hidden="true" className="size-4" /> New file of answers
    </ButtonLink>
  );
  return (
    <Page
      title="Bulk"
      summary={counted(totalCount, "file of answers", "files of answers")}
      actions={totalCount > 0 && begin}
    >
      {nodes.length === 0 ? (
        <Empty title="No file of answers yet" action={begin}>
          Send a file, or take a data set: every row gets its answer, and all of them come back as a
          file.
        </Empty>
      ) : (
        <Table label="Files of answers">
          <thead>
            <tr>
              <Th>Of</Th>
              <Th>State</Th>
              <Th>Model</Th>
              <Th kind="number">Rows</Th>
              <Th>Format</Th>
              <Th>Asked for</Th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((each) => (
              <BulkRow key={each.id} bulk={each} />
            ))}
          </tbody>
        </Table>
      )}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
