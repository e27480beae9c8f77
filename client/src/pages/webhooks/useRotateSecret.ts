import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { graphql } from "../../gql";

const ROTATE = graphql(`
  mutation RotateSecret($id: ID!) {
    rotateWebhookSecret(input: { id: $id }) {
      webhook { id revision previousSecretUntil }
      secret
      userErrors { message code path }
    }
  }
`);

/** A new secret for a webhook. */
export function useRotateSecret() {
  const [rotate] = useMutation(ROTATE);
  return (id: string) =>
    outcomeOf(async () => (await rotate({ variables: { id } })).data?.rotateWebhookSecret);
}
