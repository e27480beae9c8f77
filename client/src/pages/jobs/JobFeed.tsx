import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";

const EVENTS = graphql(`
  subscription JobFeed($id: ID!, $after: String) {
    jobEvents(id: $id, after: $after) {
      __typename
      ... on JobSnapshot { cursor job { ...JobFeed_job } }
      ... on ActivityEvent { cursor job { ...JobFeed_job } }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

export const FOLLOWED = graphql(`
  fragment JobFeed_job on Job {
    id
    ...JobActions_job
    ...JobDiagnosis_job
    ...JobFacts_job
    ...JobStages_job
    ...JobState_job
    ...JobWaiting_job
  }
`);

/** Keeps one job's page up to date. */
export function JobFeed({ id, feed }: { id: string; feed: string }) {
  useFeed(EVENTS, { feed, variables: { id } });
  return null;
}
