import { useKey } from "../../api/useKey";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const LEARN = graphql(`
  mutation LearnFromCorrections($input: LearnFromCorrectionsInput!) {
    learnFromCorrections(input: $input) {
      round { id }
      userErrors { message code path }
    }
  }
`);

/** Begins a round of learning; answers with what was refused. */
export function useLearn(modelId: string) {
  const learn = useOutcome(LEARN);
  const keyOf = useKey();
  return async (retrain: boolean, latestRound: string | undefined): Promise<string | undefined> => {
    // after another round the same is asked for anew
    const idempotencyKey = keyOf({ modelId, retrain, latestRound });
    const input = { modelId, retrain, idempotencyKey };
    return (await learn({ input })).refusal;
  };
}
