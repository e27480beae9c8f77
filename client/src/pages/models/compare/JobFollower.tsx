import { useFeed } from "../../../api/useFeed";
import { graphql } from "../../../gql";
import { isOver } from "../../jobs/isOver";

const EVENTS = graphql(`
  subscription FollowedJob($id: ID!, $after: String) {
    jobEvents(id: $id, after: $after) {
      __typename
      ... on JobSnapshot { cursor job { id status progress failure { message } } }
      ... on ActivityEvent { cursor job { id status progress failure { message } } }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

/** Keeps one job up to date, and says when it is over. */
export function JobFollower({ id, onEnd }: { id: string; onEnd: () => void }) {
  useFeed(EVENTS, {
    feed: `job ${id}`,
    variables: { id },
    onItem: ({ jobEvents: item }) => {
      const job = "job" in item ? item.job : null;
      if (job && isOver(job.status)) onEnd();
    },
  });
  return null;
}
