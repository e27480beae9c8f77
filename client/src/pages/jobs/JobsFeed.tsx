import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";
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

/** Keeps every job that is shown up to date, for admins, who may see them all. */
export function JobsFeed({ onNew }: { onNew: () => void }) {
  const { role } = useViewer();
  useFeed(ACTIVITY, {
    feed: "jobs",
    skip: role !== "ADMIN",
    onItem: ({ activity: item }) => {
      if (item.__typename === "Gap") onNew();
      if (item.__typename === "ActivityEvent" && item.kind === "JOB_QUEUED") onNew();
    },
  });
  return null;
}
