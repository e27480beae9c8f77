import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { useKey } from "../../api/useKey";
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
  const [learn] = useMutation(LEARN);
  const keyOf = useKey();
  return async (retrain: boolean, latestRound: string | undefined): Promise<string | undefined> => {
    // after another round the same is asked for anew
    const idempotencyKey = keyOf({ modelId, retrain, latestRound });
    const input = { modelId, retrain, idempotencyKey };
    const { refusal } = await outcomeOf(
      async () => (await learn({ variables: { input } })).data?.learnFromCorrections,
    );
    return refusal;
  };
}
