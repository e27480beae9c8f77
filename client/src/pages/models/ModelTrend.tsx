import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { ModelTrend_ModelFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Plot } from "../../ui/charts/Plot";
import { axisFor } from "../../ui/charts/scale";
import { Table, Td, Th } from "../../ui/Table";
import { percent } from "../../ui/words";
import { byNumber, numberTicks, series } from "./trend";

const TREND = graphql(`
  fragment ModelTrend_model on Model {
    id
    publishedVersion { id number }
    versions(first: 100) {
      nodes { id number report { accuracy macroF1 ece } }
    }
  }
`);

/** Whether its versions get better. Each was tested on the rows that its own training held out. */
export function ModelTrend({ model: from }: { model: FragmentType<ModelTrend_ModelFragment> }) {
  const { data: model } = useSuspenseFragment({ fragment: TREND, from });
  const versions = byNumber(model.versions.nodes);
  const [first, last] = [versions[0], versions.at(-1)];
  if (!first || !last) return null;
  const accuracy = series(versions, "accuracy");
  const f1 = series(versions, "macroF1");
  const values = [...accuracy, ...f1].map(([, value]) => value);
  const published = versions.find(({ number }) => number === model.publishedVersion?.number);
  return (
    <Card title="Quality over the versions">
      {versions.length === 1 ? (
        <p className="text-soft">With its second version a line begins here.</p>
      ) : (
        <Plot
          label={`Accuracy from ${percent(first.report.accuracy)} in version ${first.number} to ${percent(last.report.accuracy)} in version ${last.number}`}
          x={{ low: first.number - 0.3, high: last.number + 0.3, ticks: numberTicks(versions) }}
          y={axisFor(values, { least: 0, most: 1, span: 0.04 })}
          xName="version"
          yName="share of its own test rows"
          yText={percent}
          lines={[
            { name: "accuracy", points: accuracy, look: "stroke-accent" },
            { name: "macro F1", points: f1, look: "stroke-soft", isDashed: true },
          ]}
          dots={versions.map(({ id, number, report }) => ({
            key: id,
            at: [number, report.accuracy],
            title: `version ${number}: ${percent(report.accuracy)}`,
            look: number === published?.number ? "bg-good ring-2 ring-surface" : "bg-accent",
            size: number === published?.number ? 12 : 8,
          }))}
        >
          <Table label="Figures of the versions">
            <thead>
              <tr>
                <Th>Version</Th>
                <Th kind="number">Accuracy</Th>
                <Th kind="number">Macro F1</Th>
                <Th kind="number">Calibration error</Th>
              </tr>
            </thead>
            <tbody>
              {versions.map(({ id, number, report }) => (
                <tr key={id}>
                  <Td>{number}</Td>
                  <Td kind="number">{percent(report.accuracy)}</Td>
                  <Td kind="number">{percent(report.macroF1)}</Td>
                  <Td kind="number">{percent(report.ece)}</Td>
                </tr>
              ))}
            </tbody>
          </Table>
        </Plot>
      )}
    </Card>
  );
}
