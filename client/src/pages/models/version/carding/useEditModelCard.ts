import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../../../api/problems";
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
  const [edit] = useMutation(EDIT);
  return async (section: CardSection, text: string): Promise<string | undefined> => {
    try {
      const input = { modelId, expectedVersion: revision, sections: [{ section, text }] };
      return refusalOf((await edit({ variables: { input } })).data?.editModelCard);
    } catch (error) {
      return problemOf(error);
    }
  };
}
