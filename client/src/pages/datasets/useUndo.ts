import { useApolloClient } from "@apollo/client/react";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import { complain, note } from "../../ui/toast";

const UNDO = graphql(`
  mutation UndoDatasetChange($token: String!) {
    undo(input: { token: $token }) {
      undone
      subject { id ... on Dataset { name description revision } }
      userErrors { message code path }
    }
  }
`);

/** Takes a change back, for a button in the note that told of it. */
export function useUndo() {
  const client = useApolloClient();
  const undo = useOutcome(UNDO);
  return async (token: string): Promise<void> => {
    const { refusal } = await undo({ token });
    if (refusal) return complain(refusal);
    note("It is as it was before");
    await client.refetchQueries({ include: "active" });
  };
}
