import { graphql } from "../../../gql";
import type { TrialOutcome_ResultFragment } from "../../../gql/graphql";
import { Facts } from "../../../ui/Facts";
import { Table, Td, Th } from "../../../ui/Table";
import { count, percent } from "../../../ui/words";
import { GainInterval } from "./GainInterval";

export const RESULT = graphql(`
  fragment TrialOutcome_result on TrialResult {
    message
    before { accuracy macroF1 }
    after { accuracy macroF1 }
    gain { value low high }
    level
    pValue
    testRows
    becameRight
    becameWrong
    toRight { row text actual before after }
    toWrong { row text actual before after }
  }
`);

/** What fixes gained, with how sure that is and the rows that show it. */
export function TrialOutcome({ result }: { result: TrialOutcome_ResultFragment }) {
  const { before, after } = result;
  const flips = [...result.toRight, ...result.toWrong];
  return (
    <>
      <p>{result.message}</p>
      <GainInterval {...result.gain} level={result.level} />
      <Facts
        facts={[
          ["accuracy", `${percent(before.accuracy)} → ${percent(after.accuracy)}`],
          ["macro F1", `${before.macroF1.toFixed(3)} → ${after.macroF1.toFixed(3)}`],
          ["test rows", count(result.testRows)],
          ["became right", count(result.becameRight)],
          ["became wrong", count(result.becameWrong)],
          ["p", result.pValue.toFixed(3)],
        ]}
      />
      {flips.length > 0 && (
        <Table label="Test rows with another answer">
          <thead>
            <tr>
              <Th kind="number">Row</Th>
              <Th>Text</Th>
              <Th>Right label</Th>
              <Th>Without</Th>
              <Th>With the fixes</Th>
            </tr>
          </thead>
          <tbody>
            {flips.map((flip) => (
              <tr key={flip.row}>
                <Td kind="number">{flip.row}</Td>
                <Td className="min-w-56">
                  <p className="line-clamp-2 break-words">{flip.text}</p>
                </Td>
                <Td>{flip.actual}</Td>
                <Td className={look(flip.before === flip.actual)}>{flip.before}</Td>
                <Td className={look(flip.after === flip.actual)}>{flip.after}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </>
  );
}

const look = (isRight: boolean) => (isRight ? "text-good" : "text-bad");
