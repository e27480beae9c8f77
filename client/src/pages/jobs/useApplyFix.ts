import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../api/problems";
import { graphql } from "../../gql";

const APPLY = graphql(`
  mutation ApplyFix($jobId: ID!, $fixId: ID!, $key: String!) {
    applyFix(input: { jobId: $jobId, fixId: $fixId, idempotencyKey: $key }) {
      job { id }
      userErrors { message code path }
    }
  }
`);

/** The job that goes on with the fix, or why there is none. */
export function useApplyFix() {
  const [apply] = useMutation(APPLY);
  return async (jobId: string, fixId: string) => {
    try {
      const { data } = await apply({ variables: { jobId, fixId, key: `${jobId} ${fixId}` } });
      return { refusal: refusalOf(data?.applyFix), jobId: data?.applyFix.job?.id };
    } catch (error) {
      return { refusal: problemOf(error), jobId: undefined };
    }
  };
}
