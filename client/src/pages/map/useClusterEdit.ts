import { type Outcome, outcomeOf } from "../../api/outcome";
import { note } from "../../ui/toast";
import { useUndoClusterEdit } from "./useUndoClusterEdit";

interface EditPayload {
  edit: { id: string } | null;
  userErrors: readonly { message: string; code: string; path: string[] }[];
}

/** What follows every edit: the map is read anew, and the edit can be taken back. */
export function useClusterEdit(versionId: string, onEdited: () => void) {
  const undo = useUndoClusterEdit(versionId, onEdited);
  return async <Done extends EditPayload>(
    title: string,
    run: () => Promise<Done | null | undefined>,
  ): Promise<Outcome<Done>> => {
    const outcome = await outcomeOf(run);
    const edit = outcome.done?.edit;
    if (edit) {
      onEdited();
      note(title, undefined, { name: "Undo", run: () => undo(edit.id) });
    }
    return outcome;
  };
}
