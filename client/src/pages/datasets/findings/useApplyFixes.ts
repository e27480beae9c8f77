import { useApolloClient, useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../../api/outcome";
import { unique } from "../../../api/unique";
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
  const client = useApolloClient();
  const [apply] = useMutation(APPLY);
  return async (trialId: string, retrain: boolean): Promise<string | undefined> => {
    const variables = { trialId, retrain, key: unique() };
    const { refusal } = await outcomeOf(async () => (await apply({ variables })).data?.applyFixes);
    if (!refusal) await client.refetchQueries({ include: ["Dataset"] });
    return refusal;
  };
}
