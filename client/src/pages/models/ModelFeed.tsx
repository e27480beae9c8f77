import { useRef } from "react";
import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";

const EVENTS = graphql(`
  subscription ModelFeed($id: ID!, $after: String) {
    modelEvents(id: $id, after: $after) {
      __typename
      ... on ModelSnapshot { cursor model { id name description versionCount revision } }
      ... on ActivityEvent { cursor model { id name description versionCount revision } }
      ... on CaughtUp { cursor }
      ... on Gap { fromCursor toCursor }
      ... on Heartbeat { cursor }
    }
  }
`);

interface ModelFeedProps {
  id: string;
  feed: string;
  /** Something new came of it: a version, a publication. */
  onTurn: () => void;
}

/** Keeps a model's page up to date. What was before the page opened is in it already. */
export function ModelFeed({ id, feed, onTurn }: ModelFeedProps) {
  const isCaughtUp = useRef(false);
  useFeed(EVENTS, {
    feed,
    variables: { id },
    onItem: ({ modelEvents: item }) => {
      if (item.__typename === "CaughtUp") isCaughtUp.current = true;
      const isNew = item.__typename === "ActivityEvent" && isCaughtUp.current;
      if (isNew || item.__typename === "Gap") onTurn();
    },
  });
  return null;
}
