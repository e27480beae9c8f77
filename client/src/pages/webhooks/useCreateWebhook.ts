import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { useKey } from "../../api/useKey";
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
  const [create] = useMutation(CREATE, { fetchPolicy: "no-cache" });
  const keyOf = useKey();
  return (asked: Omit<CreateWebhookInput, "idempotencyKey">) => {
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    return outcomeOf(async () => (await create({ variables: { input } })).data?.createWebhook);
  };
}
