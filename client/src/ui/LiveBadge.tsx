import { type FeedState, useFreshness } from "../api/feedStates";
import { Badge, type Tone } from "./Badge";
import { Moment } from "./Moment";

const SAID: Record<FeedState, [tone: Tone, words: string]> = {
  connecting: ["neutral", "connecting"],
  "catching-up": ["accent", "catching up"],
  live: ["good", "live"],
  stale: ["warn", "stale"],
  reconnecting: ["warn", "reconnecting"],
  ended: ["neutral", "ended"],
};

interface LiveBadgeProps {
  feed: string;
  /** What it follows comes to an end by itself, of which it says nothing. */
  endsWell?: boolean;
}

/** Whether what the page shows is of this second, and since when not. */
export function LiveBadge({ feed, endsWell = false }: LiveBadgeProps) {
  const { state, lastWordAt } = useFreshness(feed);
  if (endsWell && state === "ended") return null;
  const [tone, words] = SAID[state];
  const isOld = state === "stale" || state === "reconnecting";
  return (
    <span role="status" data-feed-state={state}>
      <Badge tone={tone}>
        <span aria-hidden="true">●</span> {words}
        {isOld && lastWordAt && (
          <>
            {" since "}
            <Moment at={new Date(lastWordAt).toISOString()} />
          </>
        )}
      </Badge>
    </span>
  );
}
