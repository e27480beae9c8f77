import { useSuspenseQuery } from "@apollo/client/react";
import { graphql } from "../../../gql";
import { Card } from "../../../ui/Card";
import { Moment } from "../../../ui/Moment";
import { Empty } from "../../../ui/States";
import { ClassChanges } from "./ClassChanges";
import { ExamFigures } from "./ExamFigures";
import { ExamVerdict } from "./ExamVerdict";
import { Flips } from "./Flips";
import { ReplayCard } from "./ReplayCard";

const COMPARISON = graphql(`
  query Comparison($id: ID!) {
    comparison(id: $id) {
      id
      createdAt
      exam {
        verdict
        message
        ...ClassChanges_exam @unmask
        ...ExamFigures_exam @unmask
        ...Flips_exam @unmask
      }
      replay { ...ReplayCard_replay @unmask }
    }
  }
`);

/** All that a comparison came to. */
export function ComparisonResult({ id }: { id: string }) {
  const { comparison } = useSuspenseQuery(COMPARISON, { variables: { id } }).data;
  if (!comparison) return <Empty title="This comparison is gone" />;
  const { exam, replay } = comparison;
  return (
    <>
      {exam ? (
        <>
          <Card
            title={
              <span className="flex flex-wrap items-center gap-2">
                Exam <ExamVerdict verdict={exam.verdict} />
              </span>
            }
            actions={
              <span className="text-soft">
                compared <Moment at={comparison.createdAt} />
              </span>
            }
          >
            <p className="mb-4">{exam.message}</p>
            <ExamFigures exam={exam} />
          </Card>
          <Card title="By label">
            <ClassChanges exam={exam} />
          </Card>
          <Flips exam={exam} />
        </>
      ) : (
        <Empty title="No exam">
          No labelled row of the later version's data is new to both, so that nothing can be said of
          how right they are.
        </Empty>
      )}
      {replay && <ReplayCard replay={replay} />}
    </>
  );
}
