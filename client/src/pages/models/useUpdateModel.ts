import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../api/problems";
import { graphql } from "../../gql";

const UPDATE = graphql(`
  mutation UpdateModel($input: UpdateModelInput!) {
    updateModel(input: $input) {
      model { id description revision }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useUpdateModel() {
  const [update] = useMutation(UPDATE);
  return async (id: string, description: string, revision: number): Promise<string | undefined> => {
    try {
      const input = { id, description, expectedVersion: revision };
      const { data } = await update({ variables: { input } });
      return refusalOf(data?.updateModel);
    } catch (error) {
      return problemOf(error);
    }
  };
}
