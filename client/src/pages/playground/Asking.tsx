import type { FragmentType } from "@apollo/client/masking";
import { useSubscription } from "@apollo/client/react";
import { useRef } from "react";
import { problemOf } from "../../api/problems";
import { graphql } from "../../gql";
import type { AnswerCard_AnswerFragment } from "../../gql/graphql";
import type { AnswerFigures } from "./table";

const STREAM = graphql(`
  subscription Answers($input: PredictStreamInput!) {
    predictStream(input: $input) {
      __typename
      ... on StreamedAnswer {
        index
        answer {
          id
          label
          probability
          decision
          predictionSet
          cluster { name }
          ...AnswerCard_answer
        }
      }
      ... on StreamFailure { message }
      ... on StreamEnd { asked answered cached abstained }
    }
  }
`);

/** Enough for a card of bars, and for the rows that lie nearest. */
const TOP_K = 5;
const NEIGHBOURS = 5;
/** Answers come by the dozen; they are handed on so often at most. */
const BATCH_MS = 80;

export type Answer = AnswerFigures & { id: string } & FragmentType<AnswerCard_AnswerFragment>;

interface AskingProps {
  model: string;
  texts: readonly string[];
  onAnswers: (answers: readonly (readonly [text: string, answer: Answer])[]) => void;
  /** With what went wrong, or nothing. */
  onEnd: (problem: string) => void;
}

/** Asks about some texts, for as long as it is there; other texts need another one. */
export function Asking({ model, texts, onAnswers, onEnd }: AskingProps) {
  const fresh = useRef<(readonly [string, Answer])[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const problem = useRef("");

  function handOn(): void {
    clearTimeout(timer.current);
    timer.current = undefined;
    onAnswers(fresh.current.splice(0));
  }

  function end(why: string): void {
    handOn();
    onEnd(why);
  }

  useSubscription(STREAM, {
    variables: { input: { model, texts: [...texts], topK: TOP_K, neighbours: NEIGHBOURS } },
    ignoreResults: true,
    onData: ({ data: { data } }) => {
      const item = data?.predictStream;
      if (item?.__typename === "StreamedAnswer") {
        const text = texts[item.index];
        if (text !== undefined) fresh.current.push([text, item.answer]);
        timer.current ??= setTimeout(handOn, BATCH_MS);
      }
      if (item?.__typename === "StreamFailure") problem.current = item.message;
      if (item?.__typename === "StreamEnd") end(problem.current);
    },
    onError: (error) => end(problemOf(error)),
  });
  return null;
}
