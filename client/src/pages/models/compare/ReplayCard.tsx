import { graphql } from "../../../gql";
import type { ReplayCard_ReplayFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Facts } from "../../../ui/Facts";
import { Table, Td, Th } from "../../../ui/Table";
import { count, counted, percent } from "../../../ui/words";
import { answer } from "./figures";

graphql(`
  fragment ReplayCard_replay on Replay {
    texts
    times
    changedTexts
    changedTimes
    refusedBefore
    refusedAfter
    reviewed
    rightBefore
    rightAfter
    changes { before after texts times }
    turned {
      text
      times
      predictionId
      before
      after
      beforeProbability
      afterProbability
      correction
    }
  }
`);

/** What would have become of the latest queries. */
export function ReplayCard({ replay }: { replay: ReplayCard_ReplayFragment }) {
  const { texts, times, changedTexts, changedTimes, reviewed } = replay;
  if (texts === 0) {
    return (
      <Card title="Replay of the latest queries">
        <p className="text-soft">Nobody has asked it anything yet.</p>
      </Card>
    );
  }
  return (
    <Card title="Replay of the latest queries">
      <Facts
        facts={[
          ["asked", `${counted(texts, "text")}, ${counted(times, "time")}`],
          [
            "answered otherwise",
            `${counted(changedTexts, "text")}, ${counted(changedTimes, "time")} (${percent(changedTimes / times)})`,
          ],
          ["refused", `${count(replay.refusedBefore)} before, ${count(replay.refusedAfter)} after`],
          [
            "as corrected",
            reviewed
              ? `${count(replay.rightBefore)} of ${count(reviewed)} before, ${count(replay.rightAfter)} after`
              : null,
          ],
        ]}
      />
      {replay.changes.length > 0 && <Changes changes={replay.changes} />}
      {replay.turned.length > 0 && <Turned turned={replay.turned} />}
    </Card>
  );
}

function Changes({ changes }: { changes: ReplayCard_ReplayFragment["changes"] }) {
  return (
    <>
      <h3 className="mt-4 mb-2 font-semibold">What turns into what</h3>
      <Table label="What turns into what">
        <thead>
          <tr>
            <Th>Before</Th>
            <Th>After</Th>
            <Th kind="number">Texts</Th>
            <Th kind="number">Times</Th>
          </tr>
        </thead>
        <tbody>
          {changes.map(({ before, after, texts, times }) => (
            <tr key={`${before} ${after}`}>
              <Td>{answer(before)}</Td>
              <Td>{answer(after)}</Td>
              <Td kind="number">{count(texts)}</Td>
              <Td kind="number">{count(times)}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}

function Turned({ turned }: { turned: ReplayCard_ReplayFragment["turned"] }) {
  return (
    <>
      <h3 className="mt-4 mb-2 font-semibold">The texts</h3>
      <Table label="Texts answered otherwise">
        <thead>
          <tr>
            <Th>Text</Th>
            <Th kind="number">Times</Th>
            <Th>Before</Th>
            <Th>After</Th>
            <Th>Corrected to</Th>
          </tr>
        </thead>
        <tbody>
          {turned.map((each) => (
            <tr key={each.predictionId}>
              <Td className="min-w-48">{each.text}</Td>
              <Td kind="number">{count(each.times)}</Td>
              <Td>
                {answer(each.before)}{" "}
                <span className="text-soft">{percent(each.beforeProbability)}</span>
              </Td>
              <Td>
                {answer(each.after)}{" "}
                <span className="text-soft">{percent(each.afterProbability)}</span>
              </Td>
              <Td>{each.correction}</Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </>
  );
}
