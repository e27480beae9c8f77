import { useQuery } from "@apollo/client/react";
import { graphql } from "../../gql";
import { Failure, Loading } from "../../ui/States";
import { percent } from "../../ui/words";
import { Neighbours } from "./Neighbours";
import { WeighedText } from "./WeighedText";
import { WordTable } from "./WordTable";
import { timesLikelier } from "./weights";

const EXPLAIN = graphql(`
  query Explain($model: String!, $texts: [String!]!, $against: String) {
    explain(input: { model: $model, texts: $texts, against: $against, words: 12, neighbours: 3 }) {
      explanations {
        text
        label
        against
        rival
        rivalProbability
        score
        words { start end text weight terms meaning }
        passages { start end text weight terms meaning }
        deletion { words label probability }
        supporting { row text label cosine name identity }
        opposing { row text label cosine name identity }
      }
      userErrors { message code path }
    }
  }
`);

interface ExplanationProps {
  model: string;
  text: string;
  /** The label to weigh the answer against; null for all others. */
  against: string | null;
}

/** Which words counted, and which training rows stand behind the answer and against it. */
export function Explanation({ model, text, against }: ExplanationProps) {
  const variables = { model, texts: [text], against };
  const { data, error, previousData, refetch } = useQuery(EXPLAIN, { variables });
  const payload = (data ?? previousData)?.explain;
  const found = payload?.explanations[0];
  const refused = error ?? payload?.userErrors[0]?.message;
  if (refused) return <Failure error={refused} onRetry={() => refetch()} />;
  if (!found) return <Loading lines={4} />;
  const other = found.against ?? "the mean of the other labels";
  return (
    <div className="flex min-w-0 flex-col gap-4">
      <p>
        {found.label} is {timesLikelier(found.score)} than {other}.
        {found.against === null && found.rival !== null && (
          <>
            {" "}
            The runner-up is {found.rival} with {percent(found.rivalProbability)}.
          </>
        )}
      </p>
      <WeighedText text={text} parts={found.words.length > 0 ? found.words : found.passages} />
      {found.deletion && (
        <p>
          Without {found.deletion.words === 1 ? "the word" : `the ${found.deletion.words} words`}{" "}
          that count most for it, {found.label} has {percent(found.deletion.probability)}
          {found.deletion.label !== found.label && ` and the answer is ${found.deletion.label}`}.
        </p>
      )}
      <WordTable words={found.words} />
      <Neighbours title={`Nearest rows of ${found.label}`} rows={found.supporting} />
      <Neighbours
        title={`Nearest rows of ${found.against ?? found.rival ?? "others"}`}
        rows={found.opposing}
      />
    </div>
  );
}
