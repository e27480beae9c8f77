import { useOutcome } from "../../../api/useOutcome";
import { graphql } from "../../../gql";

const UNPIN = graphql(`
  mutation UnpinQuestion($id: ID!) {
    unpinQuestion(input: { id: $id }) {
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useUnpinQuestion() {
  const unpin = useOutcome(UNPIN);
  return async (id: string) => (await unpin({ id })).refusal;
}
