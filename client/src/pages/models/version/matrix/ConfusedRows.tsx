import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../../../gql";
import { Table, Td, Th } from "../../../../ui/Table";

const ROWS = graphql(`
  query ConfusedRows($id: ID!, $numbers: [Int!]!) {
    modelVersion(id: $id) {
      id
      datasetVersion {
        id
        rowList(filter: { numbers: $numbers }, first: 20) {
          nodes { row text label isCut }
        }
      }
    }
  }
`);

interface ConfusedRowsProps {
  version: string;
  numbers: readonly number[];
}

/** The test rows behind a cell. */
export function ConfusedRows({ version, numbers }: ConfusedRowsProps) {
  const { modelVersion } = useSuspenseQuery(ROWS, {
    variables: { id: version, numbers: [...numbers] },
  }).data;
  const rows = modelVersion?.datasetVersion?.rowList.nodes;
  if (!rows) return <p className="text-soft">The data that it learnt from is not yours to see.</p>;
  return (
    <Table label="Rows behind the cell">
      <thead>
        <tr>
          <Th kind="number">Row</Th>
          <Th>Text</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ row, text, isCut }) => (
          <tr key={row}>
            <Td kind="number" className="w-px">
              {row}
            </Td>
            <Td className="break-words">
              {text}
              {isCut && " …"}
            </Td>
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
