import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const CORRECT = graphql(`
  mutation CorrectPrediction($id: ID!, $label: String!) {
    correctPrediction(input: { id: $id, label: $label }) {
      prediction { id label correction correctedAt review revision }
      userErrors { message code path }
    }
  }
`);

/** Says what an answer should have been; the answer's own label says that it is right. */
export function useCorrect() {
  const correct = useOutcome(CORRECT);
  return async (id: string, label: string): Promise<string | undefined> =>
    (await correct({ id, label })).refusal;
}
