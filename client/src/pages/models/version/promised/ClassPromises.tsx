import { graphql } from "../../../../gql";
import type { ClassPromises_PromiseFragment } from "../../../../gql/graphql";
import { Card } from "../../../../ui/Card";
import { Table, Td, Th } from "../../../../ui/Table";
import { count } from "../../../../ui/words";
import { riskText } from "./risk";

graphql(`
  fragment ClassPromises_promise on Promise {
    classes { label threshold testRows risk { answered wrong share low high } }
  }
`);

/** Labels with rows enough for a threshold of their own. */
export function ClassPromises({ promise }: { promise: ClassPromises_PromiseFragment }) {
  if (promise.classes.length === 0) return null;
  return (
    <Card title="Labels with thresholds of their own">
      <Table label="Thresholds by label">
        <thead>
          <tr>
            <Th>Label</Th>
            <Th kind="number">Answered over</Th>
            <Th kind="number">Test rows</Th>
            <Th>Risk</Th>
          </tr>
        </thead>
        <tbody>
          {promise.classes.map(({ label, threshold, testRows, risk }) => (
            <tr key={label}>
              <Td className="min-w-36 wrap-anywhere">{label}</Td>
              <Td kind="number">{threshold.toFixed(3)}</Td>
              <Td kind="number">{count(testRows)}</Td>
              <Td>{riskText(risk)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
