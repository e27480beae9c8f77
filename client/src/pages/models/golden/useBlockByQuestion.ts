import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../../api/problems";
import { graphql } from "../../../gql";

const BLOCK = graphql(`
  mutation BlockByQuestion($id: ID!, $blocks: Boolean!, $revision: Int!) {
    blockByQuestion(input: { id: $id, blocks: $blocks, expectedVersion: $revision }) {
      question { id blocks revision }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useBlockByQuestion() {
  const [block] = useMutation(BLOCK);
  return async (id: string, blocks: boolean, revision: number): Promise<string | undefined> => {
    try {
      const { data } = await block({ variables: { id, blocks, revision } });
      return refusalOf(data?.blockByQuestion);
    } catch (error) {
      return problemOf(error);
    }
  };
}
