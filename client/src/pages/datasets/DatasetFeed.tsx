import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";

const EVENTS = graphql(`
  subscription DatasetFeed($id: ID!, $after: String) {
    datasetEvents(id: $id, after: $after) {
      __typename
      ... on DatasetSnapshot { cursor dataset { ...DatasetFeed_dataset } }
      ... on ActivityEvent { cursor dataset { ...DatasetFeed_dataset } }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

export const FOLLOWED = graphql(`
  fragment DatasetFeed_dataset on Dataset {
    id
    name
    description
    revision
    versionCount
    latestVersion { id }
    versions(first: 100) { nodes { id number status rows job { id } } }
  }
`);

/** Keeps a data set's page up to date. */
export function DatasetFeed({ id, feed }: { id: string; feed: string }) {
  useFeed(EVENTS, { feed, variables: { id } });
  return null;
}
