import { useState } from "react";
import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";
import { Card } from "../../ui/Card";
import { useNow } from "../../ui/useNow";
import { bars, type Counted, perSecond, recent, WINDOW_S } from "./rate";

const ANSWERS = graphql(`
  subscription AnswersFeed($after: String) {
    activity(after: $after, topics: [PREDICTION]) {
      __typename
      ... on ActivityEvent { cursor kind at done }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

/** How many texts are answered, second by second. */
export function PredictionRate() {
  const [counted, setCounted] = useState<readonly Counted[]>([]);
  const now = useNow();
  useFeed(ANSWERS, {
    feed: "answers",
    onItem: ({ activity: item }) => {
      if (item.__typename !== "ActivityEvent" || item.kind !== "PREDICTIONS_MADE") return;
      const one = { at: Date.parse(item.at), answers: item.done ?? 0 };
      setCounted((before) => [...recent(before, Date.now()), one]);
    },
  });
  const seconds = bars(counted, now);
  const most = Math.max(1, ...seconds);
  const rate = perSecond(counted, now);
  return (
    <Card title="Answers">
      <p>
        <span className="text-2xl font-semibold">{rate.toFixed(rate < 10 ? 1 : 0)}</span> a second,
        over the last minute
      </p>
      <svg
        role="img"
        aria-label={`${rate.toFixed(1)} answers a second; at most ${most} in one second`}
        viewBox={`0 0 ${WINDOW_S} 20`}
        preserveAspectRatio="none"
        className="mt-2 h-16 w-full fill-accent"
      >
        {seconds.map((answers, place) => (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            key={place}
            x={place}
            y={20 - (20 * answers) / most}
            width={0.8}
            height={(20 * answers) / most}
          />
        ))}
      </svg>
    </Card>
  );
}
