import { useMutation } from "@apollo/client/react";
import { type Outcome, outcomeOf } from "../../api/outcome";
import { graphql } from "../../gql";
import type { DeleteDatasetMutation, ForetellDeletionMutation } from "../../gql/graphql";
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
type Deleted = Outcome<DeleteDatasetMutation["deleteDataset"]>;

/** A deletion's effect, told before, and the deletion; both answer with what was refused. */
export function useDeleteDataset() {
  const [foretell] = useMutation(FORETELL, { fetchPolicy: "no-cache" });
  const [remove] = useMutation(DELETE, {
    update: (cache) => void cache.evict({ fieldName: "datasets" }),
  });
  const undo = useUndo();
  return {
    effect: (id: string): Promise<Foretold> =>
      outcomeOf(async () => (await foretell({ variables: { id } })).data?.deleteDataset),

    async now(id: string, name: string, revision: number): Promise<string | undefined> {
      const { done, refusal }: Deleted = await outcomeOf(
        async () => (await remove({ variables: { id, revision } })).data?.deleteDataset,
      );
      const token = done?.undoToken;
      const takeBack = token ? { name: "Undo", run: () => void undo(token) } : undefined;
      if (!refusal) note(`${name} is in the trash`, undefined, takeBack);
      return refusal;
    },
  };
}
