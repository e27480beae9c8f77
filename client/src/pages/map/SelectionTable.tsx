import { use } from "react";
import { Table, Td, Th } from "../../ui/Table";
import { count, percent } from "../../ui/words";
import type { SelectedRow } from "./csv";

interface SelectionTableProps {
  rows: Promise<SelectedRow[]>;
  total: number;
}

/** The first of the texts that are selected. */
export function SelectionTable({ rows, total }: SelectionTableProps) {
  const shown = use(rows);
  return (
    <>
      <div className="max-h-96 overflow-y-auto">
        <Table label="Selected texts">
          <thead>
            <tr>
              <Th>Row</Th>
              <Th>Text</Th>
              <Th>Label</Th>
              <Th>Cluster</Th>
              <Th>In the test</Th>
              <Th kind="number">Confidence</Th>
            </tr>
          </thead>
          <tbody>
            {shown.map((each) => (
              <tr key={each.row}>
                <Td className="text-soft tabular-nums">{count(each.row)}</Td>
                <Td className="max-w-96 min-w-60 break-words">{each.text}</Td>
                <Td>{each.label}</Td>
                <Td>{each.cluster}</Td>
                <Td>{each.heldOut && <Answered correct={each.correct} />}</Td>
                <Td kind="number">{each.confidence !== undefined && percent(each.confidence)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </div>
      {total > shown.length && (
        <p className="mt-2 text-xs text-soft">
          The first {count(shown.length)} of {count(total)}. The export has all of them.
        </p>
      )}
    </>
  );
}

function Answered({ correct }: { correct: boolean | undefined }) {
  if (correct === undefined) return "no label";
  return correct ? (
    <span className="text-good">right</span>
  ) : (
    <span className="text-bad">wrong</span>
  );
}
