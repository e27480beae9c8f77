import { graphql } from "../../../../gql";
import type { Kept_PromiseFragment } from "../../../../gql/graphql";
import { Card } from "../../../../ui/Card";
import { Facts } from "../../../../ui/Facts";
import { count, percent } from "../../../../ui/words";
import { riskText } from "./risk";
import { VerdictBadge } from "./VerdictBadge";

graphql(`
  fragment Kept_promise on Promise {
    askedRisk
    promisedRisk
    confidence
    chosenOn
    threshold
    answeredShare
    verdict
    risk { answered wrong share low high }
  }
`);

/** What was promised of the answers, and what came of it on the test. */
export function Kept({ promise }: { promise: Kept_PromiseFragment }) {
  const { askedRisk, promisedRisk, confidence, threshold } = promise;
  return (
    <Card title="On the test" actions={<VerdictBadge verdict={promise.verdict} />}>
      <p className="mb-3">
        {promisedRisk === null
          ? "Every text is answered, whatever the risk."
          : `At most ${percent(promisedRisk)} of the answers are wrong, with ${percent(confidence)} confidence.`}
        {askedRisk !== null &&
          promisedRisk !== null &&
          promisedRisk > askedRisk &&
          ` It was asked for ${percent(askedRisk)}, which its rows cannot bear.`}
      </p>
      <Facts
        facts={[
          ["came of it", riskText(promise.risk)],
          ["answered", `${percent(promise.answeredShare)} of the test rows`],
          [
            "answers over",
            promisedRisk === null
              ? null
              : threshold === null
                ? "never, but for labels of their own"
                : `a probability of ${threshold.toFixed(3)}`,
          ],
          ["chosen on", promisedRisk === null ? null : `${count(promise.chosenOn)} held-out rows`],
        ]}
      />
    </Card>
  );
}
