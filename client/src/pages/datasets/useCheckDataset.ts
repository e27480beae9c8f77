import { useApolloClient, useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { unique } from "../../api/unique";
import { graphql } from "../../gql";
import { complain } from "../../ui/toast";

const CHECK = graphql(`
  mutation CheckDataset($versionId: ID!, $key: String!) {
    checkDataset(input: { datasetVersionId: $versionId, idempotencyKey: $key }) {
      job { id }
      userErrors { message code path }
    }
  }
`);

/** Looks for faults in a version's rows; the job is shown among the data set's. */
export function useCheckDataset() {
  const client = useApolloClient();
  const [check] = useMutation(CHECK);
  return async (versionId: string): Promise<void> => {
    const variables = { versionId, key: unique() };
    const { refusal } = await outcomeOf(
      async () => (await check({ variables })).data?.checkDataset,
    );
    if (refusal) complain(refusal);
    else await client.refetchQueries({ include: ["Dataset"] });
  };
}
