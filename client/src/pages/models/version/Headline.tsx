import { graphql } from "../../../gql";
import type { Headline_ReportFragment } from "../../../gql/graphql";
import { Card } from "../../../ui/Card";
import { count, percent } from "../../../ui/words";

graphql(`
  fragment Headline_report on Report {
    accuracy
    macroF1
    ece
    eceBefore
    testRows
    trainRows
    labelsFromClusters
    spreadRows
    truncatedRows
    baselines { name accuracy macroF1 }
  }
`);

const METHODS: Record<string, string> = {
  majority: "always the most frequent label",
  tfidf: "words alone",
};

/** The figures that one asks for first, beside what simple methods reach. */
export function Headline({ report }: { report: Headline_ReportFragment }) {
  const { accuracy, macroF1, ece, eceBefore, testRows, trainRows, baselines } = report;
  return (
    <Card title="In figures">
      <dl className="grid grid-cols-2 gap-4 md:grid-cols-4">
        <Figure
          name="Accuracy"
          value={percent(accuracy)}
          more={`on ${count(testRows)} test rows`}
        />
        <Figure name="Macro F1" value={percent(macroF1)} more="all labels count the same" />
        <Figure
          name="Calibration error"
          value={percent(ece)}
          more={`${percent(eceBefore)} before calibration`}
        />
        <Figure name="Learnt from" value={count(trainRows)} more="rows" />
      </dl>
      {baselines.length > 0 && (
        <p className="mt-4 text-soft">
          On the same rows:{" "}
          {baselines
            .map(
              (each) => `${METHODS[each.name] ?? each.name} gets ${percent(each.accuracy)} right`,
            )
            .join("; ")}
          .
        </p>
      )}
      {report.labelsFromClusters && (
        <p className="mt-2 text-warn">The data has no labels: the clusters serve as labels.</p>
      )}
      {report.spreadRows > 0 && (
        <p className="mt-2 text-soft">
          {count(report.spreadRows)} rows have the label of their cluster.
        </p>
      )}
      {report.truncatedRows > 0 && (
        <p className="mt-2 text-soft">
          {count(report.truncatedRows)} rows are longer than the embedder reads.
        </p>
      )}
    </Card>
  );
}

function Figure({ name, value, more }: { name: string; value: string; more: string }) {
  return (
    <div>
      <dt className="text-soft">{name}</dt>
      <dd>
        <span className="block text-2xl font-semibold tabular-nums">{value}</span>
        <span className="text-xs text-soft">{more}</span>
      </dd>
    </div>
  );
}
