import { useOutcome } from "../../api/useOutcome";
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
  const end = useOutcome(END);
  return async (id: string): Promise<string | undefined> => (await end({ id })).refusal;
}
