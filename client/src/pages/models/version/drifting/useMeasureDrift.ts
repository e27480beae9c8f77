import { useOutcome } from "../../../../api/useOutcome";
import { graphql } from "../../../../gql";

const MEASURE = graphql(`
  mutation MeasureDrift($id: ID!, $key: String!) {
    measureDrift(input: { modelVersionId: $id, idempotencyKey: $key }) {
      job { id status progress }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useMeasureDrift() {
  const measure = useOutcome(MEASURE);
  return async (id: string, key: string) => (await measure({ id, key })).refusal;
}
