import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { ArrowRight } from "lucide-react";
import { graphql } from "../../gql";
import type { Review, ReviewItem_PredictionFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Checkbox } from "../../ui/Checkbox";
import { Moment } from "../../ui/Moment";
import { percent } from "../../ui/words";

const PREDICTION = graphql(`
  fragment ReviewItem_prediction on Prediction {
    id
    text
    label
    probability
    correction
    correctedAt
    review
    learningRound { id }
    modelVersion { id number }
    user { id name }
  }
`);

interface ReviewItemProps {
  id: string;
  correction: FragmentType<ReviewItem_PredictionFragment>;
  isChosen: boolean;
  onChoose: () => void;
  onJudge: (review: Review) => void;
}

/** What the model said, what somebody says instead, and what is made of it. */
export function ReviewItem({ id, correction: from, isChosen, onChoose, onJudge }: ReviewItemProps) {
  const { data: said } = useSuspenseFragment({ fragment: PREDICTION, from });
  const isConfirmed = said.correction === said.label;
  const isLearnt = said.learningRound !== null;
  return (
    <li data-correction={id} tabIndex={0} className="flex items-start gap-3 px-4 py-3">
      <Checkbox label={`Choose: ${said.text}`} checked={isChosen} onChange={onChoose} />
      <div className="min-w-0 flex-1">
        <p className="line-clamp-4 wrap-anywhere">{said.text}</p>
        <p className="mt-1 flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="text-soft wrap-anywhere">
            {said.label} {percent(said.probability)}
          </span>
          <ArrowRight aria-label="corrected to" className="size-4 text-soft" />
          <span className="font-medium wrap-anywhere">
            {isConfirmed ? "said to be right" : said.correction}
          </span>
        </p>
        <p className="text-xs text-soft">
          {said.user && `${said.user.name}, `}
          {said.correctedAt && <Moment at={said.correctedAt} />}
          {said.modelVersion && `, of version ${said.modelVersion.number}`}
        </p>
      </div>
      {!isLearnt && (
        <div className="flex flex-col gap-1 sm:flex-row">
          {said.review !== "ACCEPTED" && (
            <Button onClick={() => onJudge("ACCEPTED")}>Accept</Button>
          )}
          {said.review !== "REJECTED" && (
            <Button onClick={() => onJudge("REJECTED")}>Reject</Button>
          )}
        </div>
      )}
    </li>
  );
}
