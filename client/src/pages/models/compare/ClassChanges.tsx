import { useState } from "react";
import { graphql } from "../../../gql";
import type { ClassChanges_ExamFragment } from "../../../gql/graphql";
import { Button } from "../../../ui/Button";
import { Table, Td, Th } from "../../../ui/Table";
import { count, percent } from "../../../ui/words";
import { signed } from "./figures";

graphql(`
  fragment ClassChanges_exam on Exam {
    classes {
      label
      before { label f1 support }
      after { label f1 }
    }
  }
`);

/** Which labels are recognised otherwise, the largest change first. */
export function ClassChanges({
  exam,
  most = 12,
}: {
  exam: ClassChanges_ExamFragment;
  most?: number;
}) {
  const [isWhole, setWhole] = useState(false);
  if (exam.classes.length === 0)
    return <p className="text-soft">No label is recognised otherwise.</p>;
  const left = exam.classes.length - most;
  return (
    <>
      <Table label="Labels that changed">
        <thead>
          <tr>
            <Th>Label</Th>
            <Th kind="number">F1 before</Th>
            <Th kind="number">after</Th>
            <Th kind="number">change</Th>
            <Th kind="number">rows</Th>
          </tr>
        </thead>
        <tbody>
          {exam.classes.slice(0, isWhole ? undefined : most).map(({ label, before, after }) => (
            <tr key={label}>
              <Td className="min-w-36 wrap-anywhere">{label}</Td>
              <Td kind="number">{percent(before.f1)}</Td>
              <Td kind="number">{percent(after.f1)}</Td>
              <Td
                className={`text-right tabular-nums ${after.f1 < before.f1 ? "text-bad" : "text-good"}`}
              >
                {signed(after.f1 - before.f1)}
              </Td>
              <Td kind="number">{count(before.support)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
      {left > 0 && (
        <Button look="quiet" className="mt-1" onClick={() => setWhole(!isWhole)}>
          {isWhole ? "Show fewer" : `Show ${count(left)} more`}
        </Button>
      )}
    </>
  );
}
