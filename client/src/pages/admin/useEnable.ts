import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { graphql } from "../../gql";

const ENABLE = graphql(`
  mutation EnableUser($id: ID!, $revision: Int!) {
    enableUser(input: { userId: $id, expectedVersion: $revision }) {
      user { id disabledAt revision }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useEnable() {
  const [enable] = useMutation(ENABLE);
  return async ({ id, revision }: { id: string; revision: number }) => {
    const run = async () => (await enable({ variables: { id, revision } })).data?.enableUser;
    return (await outcomeOf(run)).refusal;
  };
}
