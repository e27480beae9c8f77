import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { BulkProblems_BulkFragment } from "../../gql/graphql";
import { buttonClass } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Table, Td, Th } from "../../ui/Table";
import { count, counted } from "../../ui/words";

const PROBLEMS = graphql(`
  fragment BulkProblems_bulk on BulkPrediction {
    id
    rejectedRows
    problemCount
    problemsUrl
    problems { code reason fix line row }
  }
`);

/** Rows of the file that have no answer, and why. */
export function BulkProblems({ bulk: from }: { bulk: FragmentType<BulkProblems_BulkFragment> }) {
  const { data: bulk } = useSuspenseFragment({ fragment: PROBLEMS, from });
  if (bulk.problemCount === 0) return null;
  return (
    <Card
      title={`${counted(bulk.rejectedRows, "row")} without an answer`}
      actions={
        bulk.problemsUrl && (
          <a href={bulk.problemsUrl} download className={buttonClass("plain")}>
            All {count(bulk.problemCount)} faults
          </a>
        )
      }
    >
      <Table label="Faults of the file">
        <thead>
          <tr>
            <Th kind="number">Line</Th>
            <Th>What is wrong</Th>
            <Th>What would mend it</Th>
          </tr>
        </thead>
        <tbody>
          {bulk.problems.slice(0, 20).map(({ code, reason, fix, line, row }) => (
            <tr key={`${code} ${line} ${row}`}>
              <Td kind="number">{line ?? row}</Td>
              <Td>{reason}</Td>
              <Td>{fix}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
