import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const CANCEL = graphql(`
  mutation CancelJob($id: ID!) {
    cancelJob(input: { id: $id }) {
      job { id status cancelRequestedAt }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useCancelJob() {
  const cancel = useOutcome(CANCEL);
  return async (id: string) => (await cancel({ id })).refusal;
}
