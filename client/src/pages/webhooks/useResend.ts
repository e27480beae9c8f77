import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
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
  const [resend] = useMutation(RESEND);
  return async (id: string): Promise<string | undefined> => {
    const run = async () => (await resend({ variables: { id } })).data?.resendDelivery;
    return (await outcomeOf(run)).refusal;
  };
}
