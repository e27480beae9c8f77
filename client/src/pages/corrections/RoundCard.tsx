import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { RoundCard_RoundFragment } from "../../gql/graphql";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Moment } from "../../ui/Moment";
import { counted } from "../../ui/words";
import { RoundStep } from "./RoundStep";
import { useWhile } from "./useWhile";

const ROUND = graphql(`
  fragment RoundCard_round on LearningRound {
    id
    createdAt
    rows
    before { id number }
    datasetVersion {
      id
      number
      status
      dataset { id name }
      job { id status }
    }
    training {
      id
      status
      modelVersion { id number }
    }
    comparison {
      id
      status
      comparison { id before { id } after { id } }
    }
  }
`);

/** Between two jobs of a round there is none to follow: it is looked at so often. */
const LOOK_MS = 2_000;
/** Older ones that came to no end come to none. */
const YOUNG_MS = 3_600_000;

interface RoundCardProps {
  modelId: string;
  round: FragmentType<RoundCard_RoundFragment>;
  onChange: () => void;
}

/** A round of learning, step by step: the data, the training, the comparison. */
export function RoundCard({ modelId, round: from, onChange }: RoundCardProps) {
  const { data: round } = useSuspenseFragment({ fragment: ROUND, from });
  const { datasetVersion: version, training, comparison } = round;
  const result = comparison?.comparison;
  const isOver =
    comparison?.status === "SUCCEEDED" ||
    [version?.job, training, comparison].some(
      (job) => job?.status === "FAILED" || job?.status === "CANCELLED",
    );
  const isYoung = Date.parse(round.createdAt) > Date.now() - YOUNG_MS;
  useWhile(!isOver && isYoung, LOOK_MS, onChange);
  return (
    <Card
      title={
        <>
          Round of <Moment at={round.createdAt} />
        </>
      }
      actions={
        comparison?.status === "SUCCEEDED" &&
        result?.before &&
        result.after && (
          <ButtonLink
            to={`/models/${modelId}/compare?before=${result.before.id}&after=${result.after.id}`}
          >
            Compare the versions
          </ButtonLink>
        )
      }
    >
      <ol className="flex flex-col gap-2">
        <RoundStep job={version?.job ?? null}>
          {counted(round.rows, "text")} appended
          {version && ` to ${version.dataset?.name ?? "the data set"} as version ${version.number}`}
        </RoundStep>
        <RoundStep job={training}>
          {training?.modelVersion ? `Version ${training.modelVersion.number} trained` : "Training"}
        </RoundStep>
        <RoundStep job={comparison}>
          Compared with version {round.before?.number ?? "before"}
        </RoundStep>
      </ol>
    </Card>
  );
}
