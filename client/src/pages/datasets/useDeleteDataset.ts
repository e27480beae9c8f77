import type { Outcome } from "../../api/outcome";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { ForetellDeletionMutation } from "../../gql/graphql";
import { note } from "../../ui/toast";
import { useUndo } from "./useUndo";

const FORETELL = graphql(`
  mutation ForetellDeletion($id: ID!) {
    deleteDataset(input: { id: $id, dryRun: true }) {
      effect {
        bytes
        versions
        purgeAt
        models { id name }
        blockers { message }
      }
      userErrors { message code path }
    }
  }
`);
const DELETE = graphql(`
  mutation DeleteDataset($id: ID!, $revision: Int!) {
    deleteDataset(input: { id: $id, expectedVersion: $revision }) {
      undoToken
      userErrors { message code path }
    }
  }
`);

export type Foretold = Outcome<ForetellDeletionMutation["deleteDataset"]>;

/** A deletion's effect, told before, and the deletion; both answer with what was refused. */
export function useDeleteDataset() {
  const foretell = useOutcome(FORETELL, { fetchPolicy: "no-cache" });
  const remove = useOutcome(DELETE, {
    update: (cache) => void cache.evict({ fieldName: "datasets" }),
  });
  const undo = useUndo();
  return {
    effect: (id: string): Promise<Foretold> => foretell({ id }),

    async now(id: string, name: string, revision: number): Promise<string | undefined> {
      const { done, refusal } = await remove({ id, revision });
      const token = done?.undoToken;
      const takeBack = token ? { name: "Undo", run: () => void undo(token) } : undefined;
      if (!refusal) note(`${name} is in the trash`, undefined, takeBack);
      return refusal;
    },
  };
}
