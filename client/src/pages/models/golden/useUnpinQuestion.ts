import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../../api/problems";
import { graphql } from "../../../gql";

const UNPIN = graphql(`
  mutation UnpinQuestion($id: ID!) {
    unpinQuestion(input: { id: $id }) {
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useUnpinQuestion() {
  const [unpin] = useMutation(UNPIN);
  return async (id: string): Promise<string | undefined> => {
    try {
      return refusalOf((await unpin({ variables: { id } })).data?.unpinQuestion);
    } catch (error) {
      return problemOf(error);
    }
  };
}
