import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const RESEND = graphql(`
  mutation ResendDelivery($id: ID!) {
    resendDelivery(input: { id: $id }) {
      delivery { id status nextTryAt }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useResend() {
  const resend = useOutcome(RESEND);
  return async (id: string): Promise<string | undefined> => (await resend({ id })).refusal;
}
