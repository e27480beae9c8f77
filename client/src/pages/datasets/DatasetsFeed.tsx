import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";
import type { EventKind } from "../../gql/graphql";
import { useViewer } from "../../shell/viewer";

const ACTIVITY = graphql(`
  subscription DatasetsFeed($after: String) {
    activity(after: $after, topics: [DATASET, JOB]) {
      __typename
      ... on ActivityEvent {
        cursor
        kind
        dataset { id ...DatasetRow_dataset }
        job { id progress }
      }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

/** After these the list may have one more, or one less. */
const TURNS: ReadonlySet<EventKind> = new Set([
  "DATASET_CREATED",
  "DATASET_TRASHED",
  "DATASET_RESTORED",
]);

/** Keeps every data set that is listed up to date, for admins, who may see them all. */
export function DatasetsFeed({ onTurn }: { onTurn: () => void }) {
  const { role } = useViewer();
  useFeed(ACTIVITY, {
    feed: "data sets",
    skip: role !== "ADMIN",
    onItem: ({ activity: item }) => {
      if (item.__typename === "Gap") onTurn();
      if (item.__typename === "ActivityEvent" && TURNS.has(item.kind)) onTurn();
    },
  });
  return null;
}
