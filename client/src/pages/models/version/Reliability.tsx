import { graphql } from "../../../gql";
import type { Reliability_ReportFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { Plot } from "../../../ui/charts/Plot";
import { Table, Td, Th } from "../../../ui/Table";
import { count, percent } from "../../../ui/words";

graphql(`
  fragment Reliability_report on Report {
    ece
    bins { low high rows confidence accuracy }
  }
`);

const SHARE = { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
const LARGEST_PX = 28;
const SMALLEST_PX = 7;

/** Whether 80 % sure means right in 80 of 100: on the diagonal it does. */
export function Reliability({ report }: { report: Reliability_ReportFragment }) {
  const bins = report.bins.filter(({ rows }) => rows > 0);
  const most = Math.max(1, ...bins.map(({ rows }) => rows));
  return (
    <Card title="Calibration">
      <Plot
        label={`Reliability diagram: off by ${percent(report.ece)} on average over ${bins.length} bins`}
        x={SHARE}
        y={SHARE}
        xName="how sure it was"
        yName="share right"
        xText={percent}
        yText={percent}
        className="h-72"
        lines={[
          {
            name: "as it should be",
            points: [
              [0, 0],
              [1, 1],
            ],
            look: "stroke-soft",
            isDashed: true,
          },
        ]}
        dots={bins.map(({ low, rows, confidence, accuracy }) => ({
          key: String(low),
          at: [confidence, accuracy],
          title: `${count(rows)} rows, ${percent(confidence)} sure, ${percent(accuracy)} right`,
          look: "bg-accent/70",
          size: Math.max(SMALLEST_PX, LARGEST_PX * Math.sqrt(rows / most)),
        }))}
      >
        <Table label="Calibration bins">
          <thead>
            <tr>
              <Th>Probability</Th>
              <Th kind="number">Rows</Th>
              <Th kind="number">Sure</Th>
              <Th kind="number">Right</Th>
            </tr>
          </thead>
          <tbody>
            {bins.map(({ low, high, rows, confidence, accuracy }) => (
              <tr key={low}>
                <Td>
                  {percent(low)} to {percent(high)}
                </Td>
                <Td kind="number">{count(rows)}</Td>
                <Td kind="number">{percent(confidence)}</Td>
                <Td kind="number">{percent(accuracy)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Plot>
      <p className="mt-2 text-xs text-soft">
        On the dashed line it is as sure as it is right. A larger dot stands for more rows.
      </p>
    </Card>
  );
}
