import { useOutcome } from "../../api/useOutcome";
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
  const enable = useOutcome(ENABLE);
  return async ({ id, revision }: { id: string; revision: number }) =>
    (await enable({ id, revision })).refusal;
}
