import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { CorrectionRow_PredictionFragment } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { percent } from "../../ui/words";
import { fateOf } from "./fate";

const PREDICTION = graphql(`
  fragment CorrectionRow_prediction on Prediction {
    id
    text
    label
    probability
    correction
    correctedAt
    review
    reviewedAt
    learningRound {
      id
      training {
        id
        status
        modelVersion { id number }
      }
    }
    model { id name }
    modelVersion { id number }
  }
`);

interface CorrectionRowProps {
  prediction: FragmentType<CorrectionRow_PredictionFragment>;
}

export function CorrectionRow({ prediction: from }: CorrectionRowProps) {
  const { data: prediction } = useSuspenseFragment({ fragment: PREDICTION, from });
  const { label, correction, model, modelVersion } = prediction;
  const { tone, name, says } = fateOf(prediction);
  return (
    <tr>
      <Td className="min-w-56 wrap-anywhere">
        <p className="line-clamp-3">{prediction.text}</p>
      </Td>
      <Td className="min-w-32 wrap-anywhere">
        {label} <span className="text-soft tabular-nums">{percent(prediction.probability)}</span>
      </Td>
      <Td className="min-w-32 wrap-anywhere">
        {correction === label ? <span className="text-soft">that it is right</span> : correction}
      </Td>
      <Td className="whitespace-nowrap">
        {model?.name}
        {modelVersion && <span className="text-soft"> version {modelVersion.number}</span>}
      </Td>
      <Td className="min-w-48">
        <Badge tone={tone}>{name}</Badge>
        <p className="mt-1 text-xs text-soft">
          {says}{" "}
          {(prediction.reviewedAt ?? prediction.correctedAt) && (
            <Moment at={prediction.reviewedAt ?? prediction.correctedAt ?? ""} />
          )}
        </p>
      </Td>
    </tr>
  );
}
