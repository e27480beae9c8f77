import { useOutcome } from "../../../api/useOutcome";
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
  const block = useOutcome(BLOCK);
  return async (id: string, blocks: boolean, revision: number) =>
    (await block({ id, blocks, revision })).refusal;
}
