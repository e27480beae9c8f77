import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";
import type { EventKind } from "../../gql/graphql";
import { useViewer } from "../../shell/viewer";

const ACTIVITY = graphql(`
  subscription JobsFeed($after: String) {
    activity(after: $after, topics: [JOB]) {
      __typename
      ... on ActivityEvent { cursor kind job { id ...JobRow_job } }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

/** After these a list of jobs may have one more, or one less. */
const TURNS: ReadonlySet<EventKind> = new Set([
  "JOB_QUEUED",
  "JOB_STARTED",
  "JOB_RETRIED",
  "JOB_SUCCEEDED",
  "JOB_FAILED",
  "JOB_CANCELLED",
]);

/** Keeps every job that is shown up to date, for admins, who may see them all. */
export function JobsFeed({ onTurn }: { onTurn: () => void }) {
  const { role } = useViewer();
  useFeed(ACTIVITY, {
    feed: "jobs",
    skip: role !== "ADMIN",
    onItem: ({ activity: item }) => {
      if (item.__typename === "Gap") onTurn();
      if (item.__typename === "ActivityEvent" && TURNS.has(item.kind)) onTurn();
    },
  });
  return null;
}
