import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const APPLY = graphql(`
  mutation ApplyFix($jobId: ID!, $fixId: ID!, $key: String!) {
    applyFix(input: { jobId: $jobId, fixId: $fixId, idempotencyKey: $key }) {
      job { id }
      userErrors { message code path }
    }
  }
`);

/** The job that goes on with the fix. */
export function useApplyFix() {
  const apply = useOutcome(APPLY);
  return (jobId: string, fixId: string) => apply({ jobId, fixId, key: `${jobId} ${fixId}` });
}
