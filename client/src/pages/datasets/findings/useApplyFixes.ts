import { unique } from "../../../api/unique";
import { useOutcome } from "../../../api/useOutcome";
import { graphql } from "../../../gql";

const APPLY = graphql(`
  mutation ApplyFixes($trialId: ID!, $retrain: Boolean!, $key: String!) {
    applyFixes(input: { trialId: $trialId, retrain: $retrain, idempotencyKey: $key }) {
      trial { id appliedVersion { id number } }
      userErrors { message code path }
    }
  }
`);

/** Makes what was tried, in a new version; answers with what was refused. */
export function useApplyFixes() {
  const apply = useOutcome(APPLY, { refetchQueries: ["Dataset"], awaitRefetchQueries: true });
  return async (trialId: string, retrain: boolean): Promise<string | undefined> =>
    (await apply({ trialId, retrain, key: unique() })).refusal;
}
