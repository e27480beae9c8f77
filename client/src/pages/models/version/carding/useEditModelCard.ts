import { useOutcome } from "../../../../api/useOutcome";
import { graphql } from "../../../../gql";
import type { CardSection } from "../../../../gql/graphql";

const EDIT = graphql(`
  mutation EditModelCard($input: EditModelCardInput!) {
    editModelCard(input: $input) {
      model { id revision }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useEditModelCard(modelId: string, revision: number) {
  const edit = useOutcome(EDIT);
  return async (section: CardSection, text: string) => {
    const input = { modelId, expectedVersion: revision, sections: [{ section, text }] };
    return (await edit({ input })).refusal;
  };
}
