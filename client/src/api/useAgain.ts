import type { OperationVariables } from "@apollo/client";
import { type QueryRef, useQueryRefHandlers } from "@apollo/client/react";
import { startTransition } from "react";

/**
 * Reads a page's query anew; what is shown stays until the answer is there. To be called before
 * useReadQuery, which otherwise goes on with what it had and never hears of the answer.
 */
export function useAgain<Data, Variables extends OperationVariables>(
  query: QueryRef<Data, Variables>,
): () => void {
  const { refetch } = useQueryRefHandlers(query);
  return () => startTransition(() => void refetch());
}
