import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import { complain, note } from "../../ui/toast";

const UNDO = graphql(`
  mutation UndoClusterEdit($input: UndoClusterEditInput!) {
    undoClusterEdit(input: $input) {
      edit { id }
      userErrors { message code path }
    }
  }
`);

/** Lets an edit count no longer. */
export function useUndoClusterEdit(versionId: string, onEdited: () => void) {
  const undo = useOutcome(UNDO);
  return async (edit: string): Promise<void> => {
    const input = { versionId, edit, idempotencyKey: `undo ${edit}` };
    const { done, refusal } = await undo({ input });
    if (refusal) complain(refusal);
    if (done) note("Taken back");
    onEdited();
  };
}
