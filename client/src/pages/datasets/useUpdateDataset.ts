import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { UpdateDatasetInput } from "../../gql/graphql";
import { note } from "../../ui/toast";
import { useUndo } from "./useUndo";

const UPDATE = graphql(`
  mutation UpdateDataset($input: UpdateDatasetInput!) {
    updateDataset(input: $input) {
      dataset { id name description revision }
      undoToken
      userErrors { message code path }
    }
  }
`);

/** Another name or description, which can be taken back for a while. */
export function useUpdateDataset() {
  const update = useOutcome(UPDATE);
  const undo = useUndo();
  return async (input: UpdateDatasetInput) => {
    const outcome = await update({ input });
    const token = outcome.done?.undoToken;
    if (token) note("Saved", undefined, { name: "Undo", run: () => undo(token) });
    return outcome;
  };
}
