import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { Review } from "../../gql/graphql";

const REVIEW = graphql(`
  mutation ReviewCorrections($input: ReviewCorrectionsInput!) {
    reviewCorrections(input: $input) {
      predictions { id review reviewedAt revision }
      userErrors { message code path }
    }
  }
`);

interface Seen {
  id: string;
  revision: number;
}

/** Accepts or rejects corrections as they were seen; answers with what was refused. */
export function useReview(modelId: string) {
  const run = useOutcome(REVIEW);
  return async (seen: readonly Seen[], review: Review): Promise<string | undefined> => {
    const input = {
      modelId,
      review,
      predictionIds: seen.map(({ id }) => id),
      expectedVersions: seen.map(({ revision }) => revision),
    };
    return (await run({ input })).refusal;
  };
}
