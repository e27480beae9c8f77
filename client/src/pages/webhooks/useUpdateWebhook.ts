import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { graphql } from "../../gql";
import type { UpdateWebhookInput } from "../../gql/graphql";

const UPDATE = graphql(`
  mutation UpdateWebhook($input: UpdateWebhookInput!) {
    updateWebhook(input: $input) {
      webhook {
        id
        name
        url
        document
        variables
        revision
        off { at reason message }
        failingSince
        isFollowed
      }
      userErrors { message code path }
    }
  }
`);

export function useUpdateWebhook() {
  const [update] = useMutation(UPDATE);
  return (input: UpdateWebhookInput) =>
    outcomeOf(async () => (await update({ variables: { input } })).data?.updateWebhook);
}
