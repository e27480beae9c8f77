import { graphql } from "../../../gql";
import type { Flips_ExamFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Table, Td, Th } from "../../../ui/Table";
import { counted } from "../../../ui/words";

graphql(`
  fragment Flips_exam on Exam {
    becameRight
    becameWrong
    toRight { row text actual before after }
    toWrong { row text actual before after }
  }
`);

type Flip = Flips_ExamFragment["toRight"][number];

/** The rows themselves that turned from wrong to right, and from right to wrong. */
export function Flips({ exam }: { exam: Flips_ExamFragment }) {
  return (
    <div className="grid items-start gap-4 2xl:grid-cols-2">
      <Turned title="Right to wrong" all={exam.becameWrong} flips={exam.toWrong} />
      <Turned title="Wrong to right" all={exam.becameRight} flips={exam.toRight} />
    </div>
  );
}

function Turned({ title, all, flips }: { title: string; all: number; flips: readonly Flip[] }) {
  return (
    <Card title={title} actions={<span className="text-soft">{counted(all, "row")}</span>}>
      {flips.length === 0 ? (
        <p className="text-soft">No row.</p>
      ) : (
        <Table label={title}>
          <thead>
            <tr>
              <Th>Text</Th>
              <Th>Right</Th>
              <Th>Before</Th>
              <Th>After</Th>
            </tr>
          </thead>
          <tbody>
            {flips.map(({ row, text, actual, before, after }) => (
              <tr key={row}>
                <Td className="min-w-64">{text}</Td>
                <Td className="min-w-36 wrap-anywhere">{actual}</Td>
                <Td className="min-w-36 wrap-anywhere">{before}</Td>
                <Td className="min-w-36 wrap-anywhere">{after}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
      {all > flips.length && <p className="mt-1 text-xs text-soft">The first {flips.length}.</p>}
    </Card>
  );
}
