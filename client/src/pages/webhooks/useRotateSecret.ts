import { useOutcome } from "../../api/useOutcome";
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
  const rotate = useOutcome(ROTATE);
  return (id: string) => rotate({ id });
}
