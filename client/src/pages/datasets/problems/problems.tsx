import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../../gql";
import { Empty } from "../../../ui/States";
import { Table, Th } from "../../../ui/Table";
import { count, counted } from "../../../ui/words";
import { useDatasetPlace } from "../place";
import { ProblemRow } from "./ProblemRow";
import { RereadForm } from "./RereadForm";

const PROBLEMS = graphql(`
  query DatasetProblems($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on DatasetVersion {
        problemCount
        rejectedRows
        problems { ...ProblemRow_problem @unmask }
        ...RereadForm_version
      }
    }
  }
`);

/** What was wrong with a file, row by row, with what to do about it. */
export function Component() {
  const { version, versions } = useDatasetPlace();
  const { data } = useSuspenseQuery(PROBLEMS, { variables: { id: version.id } });
  if (data.node?.__typename !== "DatasetVersion") return null;
  const { problemCount, rejectedRows, problems } = data.node;
  const newest = versions.find(({ status }) => status === "READY");
  const canReread = version.status === "REJECTED" || newest?.id === version.id;
  return (
    <div className="flex flex-col gap-4">
      {problems.length === 0 ? (
        <Empty title="Nothing was wrong with the file">Every row was taken.</Empty>
      ) : (
        <>
          <p className="text-soft">
            {counted(problemCount, "problem")}, {counted(rejectedRows, "row")} left out
            {problemCount > problems.length && `; the first ${count(problems.length)} are listed`}.
          </p>
          <Table label="Problems">
            <thead>
              <tr>
                <Th kind="number">Line</Th>
                <Th>Column</Th>
                <Th>Value</Th>
                <Th>What is wrong</Th>
                <Th>What to do</Th>
              </tr>
            </thead>
            <tbody>
              {problems.map((problem, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: one line may have a fault twice
                <ProblemRow key={place} problem={problem} />
              ))}
            </tbody>
          </Table>
        </>
      )}
      {canReread && <RereadForm version={data.node} />}
    </div>
  );
}
