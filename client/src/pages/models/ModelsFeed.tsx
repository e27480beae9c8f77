import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";
import { useViewer } from "../../shell/viewer";

const ACTIVITY = graphql(`
  subscription ModelsFeed($after: String) {
    activity(after: $after, topics: [MODEL]) {
      __typename
      ... on ActivityEvent { cursor kind model { id ...ModelRow_model } }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

/** Keeps the list of models up to date, for admins, who may see them all. */
export function ModelsFeed({ onTurn }: { onTurn: () => void }) {
  const { role } = useViewer();
  useFeed(ACTIVITY, {
    feed: "models",
    skip: role !== "ADMIN",
    onItem: ({ activity: item }) => {
      // Each of a model's events is rare, and may move it in or out of what is listed.
      if (item.__typename === "Gap" || item.__typename === "ActivityEvent") onTurn();
    },
  });
  return null;
}
