import { useKey } from "../../api/useKey";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { Role } from "../../gql/graphql";

const INVITE = graphql(`
  mutation InviteUser($email: String!, $role: Role!, $key: String!) {
    inviteUser(input: { email: $email, role: $role, idempotencyKey: $key }) {
      invitation { id }
      token
      userErrors { message code path }
    }
  }
`);

/** The token of an invitation's link; the same one when the same is sent again. */
export function useInvite() {
  const invite = useOutcome(INVITE, { fetchPolicy: "no-cache" });
  const keyOf = useKey();
  return (request: { email: string; role: Role }) => invite({ ...request, key: keyOf(request) });
}
