import { graphql } from "../../../../gql";
import type { Live_PromiseFragment } from "../../../../gql/graphql";
import { Card } from "../../../../ui/Card";
import { Facts } from "../../../../ui/Facts";
import { count, percent } from "../../../../ui/words";
import { riskText } from "./risk";
import { VerdictBadge } from "./VerdictBadge";

graphql(`
  fragment Live_promise on LivePromise {
    promisedRisk
    answered
    confirmed
    leastRisk
    verdict
    risk { answered wrong share low high }
  }
`);

/** The promise against what people said of the answers. */
export function Live({ promise }: { promise: Live_PromiseFragment }) {
  const { answered, confirmed, leastRisk, risk } = promise;
  return (
    <Card title="In use" actions={<VerdictBadge verdict={promise.verdict} />}>
      {answered === 0 ? (
        <p className="text-soft">It has not answered anybody yet.</p>
      ) : (
        <Facts
          facts={[
            ["answered", count(answered)],
            ["looked at", `${count(risk.answered)}, ${count(confirmed)} of them said to be right`],
            ["of these", risk.answered ? riskText(risk) : null],
            [
              "at least",
              leastRisk === null ? null : `${percent(leastRisk)} wrong, if all others were right`,
            ],
          ]}
        />
      )}
      <p className="mt-3 text-xs text-soft">
        Only answers that were corrected or confirmed count. Who reports mistakes only makes the
        risk look higher than it is.
      </p>
    </Card>
  );
}
