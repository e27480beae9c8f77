import { graphql } from "../../../gql";
import type { WorstRows_ReportFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Table, Td, Th } from "../../../ui/Table";
import { percent } from "../../../ui/words";

graphql(`
  fragment WorstRows_report on Report {
    worstRows { row text actual predicted probability }
  }
`);

/** Test rows that it got wrong while it was sure: often the label is what is wrong. */
export function WorstRows({ report }: { report: WorstRows_ReportFragment }) {
  if (report.worstRows.length === 0) return null;
  return (
    <Card title="Sure, and wrong">
      <p className="mb-3 text-soft">
        Wrong answers given with the most confidence. Often it is the row's label that is wrong.
      </p>
      <Table label="Wrong answers, surest first">
        <thead>
          <tr>
            <Th>Text</Th>
            <Th>Label</Th>
            <Th>Answered</Th>
            <Th kind="number">Sure</Th>
          </tr>
        </thead>
        <tbody>
          {report.worstRows.map(({ row, text, actual, predicted, probability }) => (
            <tr key={row}>
              <Td className="min-w-72">{text}</Td>
              <Td className="min-w-36 wrap-anywhere">{actual}</Td>
              <Td className="min-w-36 wrap-anywhere">{predicted}</Td>
              <Td kind="number">{percent(probability)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
