import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../api/problems";
import { graphql } from "../../gql";

const CANCEL = graphql(`
  mutation CancelJob($id: ID!) {
    cancelJob(input: { id: $id }) {
      job { id status cancelRequestedAt }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useCancelJob() {
  const [cancel] = useMutation(CANCEL);
  return async (id: string): Promise<string | undefined> => {
    try {
      const { data } = await cancel({ variables: { id } });
      return refusalOf(data?.cancelJob);
    } catch (error) {
      return problemOf(error);
    }
  };
}
