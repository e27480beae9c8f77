import { useFeed } from "../../api/useFeed";
import { graphql } from "../../gql";

const SYSTEM = graphql(`
  subscription SystemFeed {
    system {
      at
      ...Workers_system
      ...Queues_system
      ...Services_system
      ...Space_system
    }
  }
`);

/** Keeps workers, queues, services and storage up to date. */
export function SystemFeed() {
  useFeed(SYSTEM, { feed: "system" });
  return null;
}
