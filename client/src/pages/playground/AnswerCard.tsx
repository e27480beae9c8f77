import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { AnswerCard_AnswerFragment, AnswerCard_VersionFragment } from "../../gql/graphql";
import { Facts } from "../../ui/Facts";
import { duration, percent } from "../../ui/words";
import { Confidence } from "./Confidence";
import { Correct } from "./Correct";
import { DecisionBadge } from "./DecisionBadge";
import { MEANING } from "./decisions";
import { Neighbours } from "./Neighbours";
import { PredictionSet } from "./PredictionSet";
import { Why } from "./Why";

const ANSWER = graphql(`
  fragment AnswerCard_answer on PredictionAnswer {
    id
    text
    label
    probability
    decision
    predictionSet
    oodScore
    oodThreshold
    scores { label probability }
    cluster { number name }
    neighbours { row text label cosine name identity }
    cached
    truncated
    latencyMs
  }
`);
const VERSION = graphql(`
  fragment AnswerCard_version on ModelVersion {
    id
    number
    kind
    labels
    report { promise { askedCoverage } }
  }
`);

interface AnswerCardProps {
  model: string;
  version: FragmentType<AnswerCard_VersionFragment>;
  answer: FragmentType<AnswerCard_AnswerFragment>;
}

/** All that is known of one answer, and what may be said against it. */
export function AnswerCard({ model, version: asked, answer: from }: AnswerCardProps) {
  const { data: answer } = useSuspenseFragment({ fragment: ANSWER, from });
  const { data: version } = useSuspenseFragment({ fragment: VERSION, from: asked });
  const { oodScore, oodThreshold } = answer;
  return (
    <article className="flex min-w-0 flex-col gap-4">
      <header className="flex flex-col gap-1">
        <p className="flex flex-wrap items-center gap-2 text-lg font-semibold">
          <span className="min-w-0 wrap-anywhere">{answer.label}</span>
          <span className="tabular-nums">{percent(answer.probability)}</span>
          <DecisionBadge decision={answer.decision} />
        </p>
        <p className="text-soft">{MEANING[answer.decision].says}</p>
      </header>
      <Confidence scores={answer.scores} possible={answer.predictionSet} />
      {answer.decision !== "OUT_OF_DISTRIBUTION" && (
        <PredictionSet
          labels={answer.predictionSet}
          known={version.labels.length}
          coverage={version.report.promise?.askedCoverage}
        />
      )}
      <Correct id={answer.id} label={answer.label} labels={version.labels} />
      <Facts
        facts={[
          ["Cluster", answer.cluster.name],
          [
            "Strangeness",
            oodScore !== null &&
              oodThreshold !== null &&
              `${oodScore.toFixed(1)} (strange over ${oodThreshold.toFixed(1)})`,
          ],
          [
            "Took",
            `${duration(answer.latencyMs / 1_000)}${answer.cached ? ", known from before" : ""}`,
          ],
          ["Length", answer.truncated ? "Longer than the model reads: its end was left out" : null],
          ["Version", `${version.number} of ${model}`],
        ]}
      />
      <Neighbours title="Nearest rows that it learnt from" rows={answer.neighbours} />
      <Why model={model} text={answer.text} label={answer.label} scores={answer.scores} />
    </article>
  );
}
