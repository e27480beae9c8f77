import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { Role } from "../../gql/graphql";

const SET_ROLE = graphql(`
  mutation SetRole($id: ID!, $role: Role!, $revision: Int!) {
    setUserRole(input: { userId: $id, role: $role, expectedVersion: $revision }) {
      user { id role revision }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useSetRole() {
  const setRole = useOutcome(SET_ROLE);
  return async (user: { id: string; revision: number }, role: Role) =>
    (await setRole({ id: user.id, revision: user.revision, role })).refusal;
}
