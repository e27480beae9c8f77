import { useApolloClient, useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
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
  const [undo] = useMutation(UNDO);
  return async (token: string): Promise<void> => {
    const { refusal } = await outcomeOf(
      async () => (await undo({ variables: { token } })).data?.undo,
    );
    if (refusal) return complain(refusal);
    note("It is as it was before");
    await client.refetchQueries({ include: "active" });
  };
}
