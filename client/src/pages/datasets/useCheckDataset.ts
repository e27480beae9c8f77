import { unique } from "../../api/unique";
import { useOutcome } from "../../api/useOutcome";
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
  const check = useOutcome(CHECK, { refetchQueries: ["Dataset"], awaitRefetchQueries: true });
  return async (versionId: string): Promise<void> => {
    const { refusal } = await check({ versionId, key: unique() });
    if (refusal) complain(refusal);
  };
}
