import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
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

/** Answers with what was refused, or nothing. */
export function useUpdateDataset() {
  const [update] = useMutation(UPDATE);
  const undo = useUndo();
  return async (input: UpdateDatasetInput): Promise<string | undefined> => {
    const { done, refusal } = await outcomeOf(
      async () => (await update({ variables: { input } })).data?.updateDataset,
    );
    const token = done?.undoToken;
    if (token) note("Saved", undefined, { name: "Undo", run: () => undo(token) });
    return refusal;
  };
}
