import type { Outcome, Payload } from "../../api/outcome";
import { note } from "../../ui/toast";
import { useUndoClusterEdit } from "./useUndoClusterEdit";

interface EditPayload extends Payload {
  edit: { id: string } | null;
}

/** What follows every edit: the map is read anew, and the edit can be taken back. */
export function useClusterEdit(versionId: string, onEdited: () => void) {
  const undo = useUndoClusterEdit(versionId, onEdited);
  return async <Done extends EditPayload>(
    title: string,
    sent: Promise<Outcome<Done>>,
  ): Promise<Outcome<Done>> => {
    const outcome = await sent;
    const edit = outcome.done?.edit;
    if (edit) {
      onEdited();
      note(title, undefined, { name: "Undo", run: () => undo(edit.id) });
    }
    return outcome;
  };
}
