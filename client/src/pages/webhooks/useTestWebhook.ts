import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const TEST = graphql(`
  mutation TestWebhook($id: ID!, $send: Boolean!) {
    testWebhook(input: { id: $id, send: $send }) {
      request {
        method
        url
        headers { name value }
        body
      }
      isSample
      delivery { id }
      userErrors { message code path }
    }
  }
`);

/** The request that a webhook would make, and its sending where that is wanted. */
export function useTestWebhook() {
  const test = useOutcome(TEST);
  return (id: string, send: boolean) => test({ id, send });
}
