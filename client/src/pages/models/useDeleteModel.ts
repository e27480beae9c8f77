import { useApolloClient } from "@apollo/client/react";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const DELETE = graphql(`
  mutation DeleteModel($id: ID!, $revision: Int!, $dryRun: Boolean!) {
    deleteModel(input: { id: $id, expectedVersion: $revision, dryRun: $dryRun }) {
      effect {
        bytes
        modelVersions
        predictions
        purgeAt
        blockers { code message job { id } }
      }
      userErrors { message code path }
    }
  }
`);

/** Puts a model into the trash, or tells what that takes along. */
export function useDeleteModel(id: string, revision: number) {
  const { cache } = useApolloClient();
  const remove = useOutcome(DELETE);
  return async (dryRun: boolean) => {
    const outcome = await remove({ id, revision, dryRun });
    // Lists that were read before still name it.
    if (!dryRun && outcome.done) cache.evict({ fieldName: "models" });
    return outcome;
  };
}
