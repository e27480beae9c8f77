import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { useKey } from "../../api/useKey";
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
  const [invite] = useMutation(INVITE, { fetchPolicy: "no-cache" });
  const keyOf = useKey();
  return (request: { email: string; role: Role }) => {
    const variables = { ...request, key: keyOf(request) };
    return outcomeOf(async () => (await invite({ variables })).data?.inviteUser);
  };
}
