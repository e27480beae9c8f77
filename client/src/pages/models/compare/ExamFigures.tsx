import { graphql } from "../../../gql";
import type { ExamFigures_ExamFragment } from "../../../gql/graphql";
import { Table, Td, Th } from "../../../ui/Table";
import { count, percent } from "../../../ui/words";
import { pValue } from "./figures";
import { Intervals } from "./Intervals";

graphql(`
  fragment ExamFigures_exam on Exam {
    rows
    learntRows
    level
    resamples
    pValue
    becameRight
    becameWrong
    otherAnswers
    before { accuracy macroF1 logLoss }
    after { accuracy macroF1 logLoss }
    accuracyBefore { value low high }
    accuracyAfter { value low high }
    gain { value low high }
  }
`);

/** Two versions on the same rows: how right each is, and how sure that is. */
export function ExamFigures({ exam }: { exam: ExamFigures_ExamFragment }) {
  const { before, after, accuracyBefore, accuracyAfter, gain } = exam;
  return (
    <div className="flex flex-col gap-4">
      <Intervals
        label="Accuracy"
        rows={[
          { name: "before", span: accuracyBefore },
          { name: "after", span: accuracyAfter },
        ]}
      />
      <Intervals label="Gain" rows={[{ name: "gain", span: gain }]} hasNought />
      <p className="text-xs text-soft">
        {percent(exam.level)} intervals of {count(exam.resamples)} resamples of {count(exam.rows)}{" "}
        labelled rows that neither learnt from ({count(exam.learntRows)} left out). Chance alone
        would do as much with p {exam.pValue < 0.001 ? "" : "= "}
        {pValue(exam.pValue)}.
      </p>
      <Table label="Metrics side by side">
        <thead>
          <tr>
            <Th>Metric</Th>
            <Th kind="number">Before</Th>
            <Th kind="number">After</Th>
          </tr>
        </thead>
        <tbody>
          <Metric
            name="accuracy"
            before={percent(before.accuracy)}
            after={percent(after.accuracy)}
          />
          <Metric name="macro F1" before={percent(before.macroF1)} after={percent(after.macroF1)} />
          <Metric
            name="log loss (less is better)"
            before={before.logLoss.toFixed(3)}
            after={after.logLoss.toFixed(3)}
          />
          <Metric name="wrong, now right" after={count(exam.becameRight)} />
          <Metric name="right, now wrong" after={count(exam.becameWrong)} />
          <Metric name="still wrong, answered otherwise" after={count(exam.otherAnswers)} />
        </tbody>
      </Table>
    </div>
  );
}

function Metric({ name, before, after }: { name: string; before?: string; after: string }) {
  return (
    <tr>
      <Td>{name}</Td>
      <Td kind="number">{before}</Td>
      <Td kind="number">{after}</Td>
    </tr>
  );
}
