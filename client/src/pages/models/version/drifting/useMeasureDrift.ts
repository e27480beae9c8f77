import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../../../api/problems";
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
  const [measure] = useMutation(MEASURE);
  return async (id: string, key: string): Promise<string | undefined> => {
    try {
      return refusalOf((await measure({ variables: { id, key } })).data?.measureDrift);
    } catch (error) {
      return problemOf(error);
    }
  };
}
