import { Pause, Play } from "lucide-react";
import { useState } from "react";
import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";
import type { EventLine_EventFragment, Topic } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/States";
import { counted } from "../../ui/words";
import { EventLine } from "./EventLine";
import { GapLine } from "./GapLine";
import { NOTHING, resumed, type Told, taken } from "./told";

const ACTIVITY = graphql(`
  subscription Activity($after: String, $topics: [Topic!]) {
    activity(after: $after, topics: $topics) {
      __typename
      ... on ActivityEvent { cursor ...EventLine_event @unmask }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

interface StreamProps {
  past: readonly EventLine_EventFragment[];
  after: string | null;
  topics: Topic[] | null;
}

/** Events, newest on top. While paused they are counted, and shown when it goes on. */
export function Stream({ past, after, topics }: StreamProps) {
  const [told, setTold] = useState<Told<EventLine_EventFragment>>({
    ...NOTHING,
    shown: past.toReversed(),
  });
  const [isPaused, setPaused] = useState(false);

  useFeed(ACTIVITY, {
    feed: "activity",
    variables: { after, topics },
    onItem: ({ activity: item }) => {
      if (item.__typename === "ActivityEvent") setTold((now) => taken(now, item, isPaused));
      if (item.__typename === "Gap") {
        setTold((now) => taken(now, { gap: true, cursor: item.toCursor }, isPaused));
      }
    },
  });

  function toggle() {
    setPaused(!isPaused);
    setTold(resumed);
  }

  return (
    <>
      <div className="flex items-center gap-3">
        <Button onClick={toggle}>
          {isPaused ? (
            <Play aria-hidden="true" className="size-4" />
          ) : (
            <Pause aria-hidden="true" className="size-4" />
          )}
          {isPaused ? "Go on" : "Pause"}
        </Button>
        {isPaused && <p role="status">{counted(told.held.length, "new event")} held back</p>}
      </div>
      {told.shown.length === 0 && (
        <Empty title="Nothing has happened yet">Uploads, trainings and answers appear here.</Empty>
      )}
      <ol className="flex flex-col" aria-label="Events">
        {told.shown.map((item) =>
          "gap" in item ? (
            <GapLine key={`gap ${item.cursor}`} />
          ) : (
            <EventLine key={item.cursor} event={item} />
          ),
        )}
      </ol>
    </>
  );
}
