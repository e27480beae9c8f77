import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const SKIP = graphql(`
  mutation SkipLabellingItem($batchId: ID!, $predictionId: ID!) {
    skipLabellingItem(input: { batchId: $batchId, predictionId: $predictionId }) {
      batch { id progress { total labelled skipped open } }
      userErrors { message code path }
    }
  }
`);

/** Leaves a text of a batch without a label; answers with what was refused. */
export function useSkip(batchId: string) {
  const skip = useOutcome(SKIP);
  return async (predictionId: string): Promise<string | undefined> =>
    (await skip({ batchId, predictionId })).refusal;
}
