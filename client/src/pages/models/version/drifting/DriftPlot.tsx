import { graphql } from "../../../../gql";
import type { DriftPlot_PeriodFragment } from "../../../../gql/graphql";
import { Card } from "../../../../ui/Card";
import { Plot } from "../../../../ui/charts/Plot";
import { Table, Td, Th } from "../../../../ui/Table";
import { count, percent } from "../../../../ui/words";

graphql(`
  fragment DriftPlot_period on DriftPeriod {
    begins
    predictions
    outShare
    abstainedShare
    meanConfidence
    verdict
  }
`);

const SHARE = { low: 0, high: 1, ticks: [0, 0.25, 0.5, 0.75, 1] };
const DAY_MS = 86_400_000;
const MARKS = 5;
const DATE = new Intl.DateTimeFormat("en", { month: "short", day: "numeric", timeZone: "UTC" });

/** How sure it was, and how often it did not answer, day by day. */
export function DriftPlot({ days }: { days: readonly DriftPlot_PeriodFragment[] }) {
  const at = days.map(({ begins }) => Date.parse(begins));
  const [first, last] = [Math.min(...at), Math.max(...at)];
  const each = Math.max(1, Math.ceil((last - first) / DAY_MS / MARKS)) * DAY_MS;
  const ticks = at.filter((day) => (day - first) % each === 0);
  const line = (value: (day: DriftPlot_PeriodFragment) => number) =>
    days.map((day, place) => [at[place] ?? 0, value(day)] as const);
  const drifted = days.filter(({ verdict }) => verdict === "DRIFTED").length;
  return (
    <Card title="Day by day">
      <Plot
        label={`${days.length} days, ${drifted} of them drifted`}
        x={{ low: first - DAY_MS / 2, high: last + DAY_MS / 2, ticks }}
        y={SHARE}
        xName="day (UTC)"
        yName="share"
        xText={(day) => DATE.format(day)}
        yText={percent}
        lines={[
          {
            name: "mean confidence",
            points: line((day) => day.meanConfidence),
            look: "stroke-accent",
          },
          { name: "strange", points: line((day) => day.outShare), look: "stroke-bad" },
          {
            name: "no answer",
            points: line((day) => day.abstainedShare),
            look: "stroke-warn",
            isDashed: true,
          },
        ]}
        dots={days.map((day, place) => ({
          key: day.begins,
          at: [at[place] ?? 0, day.meanConfidence],
          title: `${DATE.format(at[place])}: ${count(day.predictions)} answers`,
          look: day.verdict === "DRIFTED" ? "bg-bad" : "bg-accent",
        }))}
      >
        <Table label="Days">
          <thead>
            <tr>
              <Th>Day</Th>
              <Th kind="number">Answers</Th>
              <Th kind="number">Confidence</Th>
              <Th kind="number">Strange</Th>
              <Th kind="number">No answer</Th>
            </tr>
          </thead>
          <tbody>
            {days.map((day, place) => (
              <tr key={day.begins}>
                <Td>{DATE.format(at[place])}</Td>
                <Td kind="number">{count(day.predictions)}</Td>
                <Td kind="number">{percent(day.meanConfidence)}</Td>
                <Td kind="number">{percent(day.outShare)}</Td>
                <Td kind="number">{percent(day.abstainedShare)}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Plot>
    </Card>
  );
}
