import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { graphql } from "../../gql";

const END = graphql(`
  mutation EndSession($id: ID!) {
    signOut(input: { sessionId: $id }) {
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useEndSession() {
  const [end] = useMutation(END);
  return async (id: string): Promise<string | undefined> => {
    const run = async () => (await end({ variables: { id } })).data?.signOut;
    return (await outcomeOf(run)).refusal;
  };
}
