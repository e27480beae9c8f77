import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const RETRY = graphql(`
  mutation RetryJob($id: ID!, $key: String!) {
    retryJob(input: { id: $id, idempotencyKey: $key }) {
      job { id }
      userErrors { message code path }
    }
  }
`);

/** The new job. A job is tried again once, however often the button is hit. */
export function useRetryJob() {
  const retry = useOutcome(RETRY);
  return (id: string) => retry({ id, key: `retry ${id}` });
}
