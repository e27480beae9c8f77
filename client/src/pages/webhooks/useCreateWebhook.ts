import { useKey } from "../../api/useKey";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { CreateWebhookInput } from "../../gql/graphql";

const CREATE = graphql(`
  mutation CreateWebhook($input: CreateWebhookInput!) {
    createWebhook(input: $input) {
      webhook { id }
      secret
      userErrors { message code path }
    }
  }
`);

/** A new webhook; its secret is in the answer and nowhere else. */
export function useCreateWebhook() {
  const create = useOutcome(CREATE, { fetchPolicy: "no-cache" });
  const keyOf = useKey();
  return (asked: Omit<CreateWebhookInput, "idempotencyKey">) => {
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    return create({ input });
  };
}
