import type { OperationVariables, TypedDocumentNode } from "@apollo/client";
import { useSubscription } from "@apollo/client/react";

interface FeedOptions<Data, Variables> {
  /** The name by which a LiveBadge shows its state. */
  feed: string;
  variables?: Variables;
  skip?: boolean;
  /** For what the cache does not know by itself: new things in lists, log lines. */
  onItem?: (data: Data) => void;
}

/**
 * Follows a feed for as long as the component is there. What its items carry is in the cache by
 * then, so that all who show it are up to date; nobody is drawn again for the item itself.
 */
export function useFeed<Data, Variables extends OperationVariables>(
  document: TypedDocumentNode<Data, Variables>,
  { feed, variables, skip = false, onItem }: FeedOptions<Data, Variables>,
): void {
  useSubscription<Data, OperationVariables>(document as TypedDocumentNode<Data>, {
    variables: variables ?? {},
    skip,
    ignoreResults: true,
    context: { feed },
    onData: ({ data: { data } }) => {
      if (data) onItem?.(data as Data);
    },
  });
}
