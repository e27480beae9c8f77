import { graphql } from "../../../../gql";
import type { Sets_PromiseFragment } from "../../../../gql/graphql";
import { Card } from "../../../../ui/Card";
import { Facts } from "../../../../ui/Facts";
import { percent } from "../../../../ui/words";

graphql(`
  fragment Sets_promise on Promise {
    askedCoverage
    coverage
    setSize
    outThreshold
    askedOutShare
    outShare
  }
`);

/** Prediction sets, and texts that are called strange. */
export function Sets({ promise }: { promise: Sets_PromiseFragment }) {
  const { askedCoverage, coverage, setSize, outThreshold, askedOutShare, outShare } = promise;
  return (
    <Card title="Prediction sets and strange texts">
      <Facts
        facts={[
          ["label in its set", `${percent(coverage)}, asked for ${percent(askedCoverage)}`],
          ["labels in a set", `${setSize.toFixed(2)} on average`],
          [
            "called strange",
            outThreshold === null
              ? "no text"
              : `${percent(outShare)} of the test rows, at most ${percent(askedOutShare)} asked for`,
          ],
          ["strange over", outThreshold === null ? null : `a score of ${outThreshold.toFixed(3)}`],
        ]}
      />
      <p className="mt-3 text-xs text-soft">
        A prediction set holds as many labels as it takes for the right one to be among them. A
        strange text is unlike all that was learnt from; it gets no answer.
      </p>
    </Card>
  );
}
