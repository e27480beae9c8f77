import { graphql } from "../../../../gql";
import type { RiskCurve_PromiseFragment } from "../../../../gql/graphql";
import { Card } from "../../../../ui/Card";
import { Plot } from "../../../../ui/charts/Plot";
import { axisFor } from "../../../../ui/charts/scale";
import { Table, Td, Th } from "../../../../ui/Table";
import { percent } from "../../../../ui/words";

graphql(`
  fragment RiskCurve_promise on Promise {
    promisedRisk
    answeredShare
    risk { share }
    curve { threshold answeredShare risk }
  }
`);

const SHARE = { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };

/** What more answers would cost: one point for each threshold. */
export function RiskCurve({ promise }: { promise: RiskCurve_PromiseFragment }) {
  const { curve, promisedRisk, answeredShare, risk } = promise;
  const y = axisFor([0, ...curve.map((point) => point.risk), promisedRisk ?? 0], {
    least: 0,
    most: 1,
    span: 0.02,
  });
  const points = curve.map((point) => [point.answeredShare, point.risk] as const);
  return (
    <Card title="Answers against risk">
      <Plot
        label={`Share wrong over the share answered: ${percent(risk.share ?? 0)} wrong with ${percent(answeredShare)} answered`}
        x={SHARE}
        y={y}
        xName="share answered"
        yName="share wrong"
        xText={percent}
        yText={percent}
        lines={[
          { name: "on the test", points, look: "stroke-accent" },
          ...(promisedRisk === null
            ? []
            : [
                {
                  name: "promised at most",
                  points: [
                    [0, promisedRisk],
                    [1, promisedRisk],
                  ] as const,
                  look: "stroke-warn",
                  isDashed: true,
                },
              ]),
        ]}
        dots={[
          {
            key: "now",
            at: [answeredShare, risk.share ?? 0],
            title: `${percent(answeredShare)} answered, ${percent(risk.share ?? 0)} wrong`,
            look: "bg-good ring-2 ring-surface",
            size: 12,
          },
        ]}
      >
        <Table label="Risk by threshold">
          <thead>
            <tr>
              <Th kind="number">From probability</Th>
              <Th kind="number">Answered</Th>
              <Th kind="number">Wrong</Th>
            </tr>
          </thead>
          <tbody>
            {curve.map((point) => (
              <tr key={point.threshold}>
                <Td kind="number">{point.threshold.toFixed(3)}</Td>
                <Td kind="number">{percent(point.answeredShare)}</Td>
                <Td kind="number">{percent(point.risk)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Plot>
      <p className="mt-2 text-xs text-soft">The green dot is how it answers now.</p>
    </Card>
  );
}
