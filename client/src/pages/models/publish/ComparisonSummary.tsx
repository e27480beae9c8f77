import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../../gql";
import { count, counted } from "../../../ui/words";
import { ClassChanges } from "../compare/ClassChanges";
import { ExamVerdict } from "../compare/ExamVerdict";
import { Intervals } from "../compare/Intervals";

const SUMMARY = graphql(`
  query ComparisonSummary($id: ID!) {
    comparison(id: $id) {
      id
      exam {
        verdict
        message
        becameRight
        becameWrong
        gain { value low high }
        ...ClassChanges_exam @unmask
      }
      replay { texts changedTexts }
    }
  }
`);

const CLASSES = 5;

/** What a comparison says, as far as one wants to know before publishing. */
export function ComparisonSummary({ id }: { id: string }) {
  const { comparison } = useSuspenseQuery(SUMMARY, { variables: { id } }).data;
  const { exam, replay } = comparison ?? {};
  return (
    <div className="flex flex-col gap-3">
      {exam ? (
        <>
          <p>
            <ExamVerdict verdict={exam.verdict} /> {exam.message}
          </p>
          <Intervals
            label="Gain of accuracy"
            rows={[{ name: "gain", span: exam.gain }]}
            hasNought
          />
          <p className="text-soft">
            {counted(exam.becameRight, "row")} right that were wrong, {count(exam.becameWrong)}{" "}
            wrong that were right.
          </p>
          <ClassChanges exam={exam} most={CLASSES} />
        </>
      ) : (
        <p className="text-soft">No labelled row is new to both, so there was no exam.</p>
      )}
      {replay && replay.texts > 0 && (
        <p className="text-soft">
          Of {counted(replay.texts, "text")} asked last, {count(replay.changedTexts)} would be
          answered otherwise.
        </p>
      )}
    </div>
  );
}
