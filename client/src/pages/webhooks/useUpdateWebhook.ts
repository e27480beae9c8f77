import { useOutcome } from "../../api/useOutcome";
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
  const update = useOutcome(UPDATE);
  return (input: UpdateWebhookInput) => update({ input });
}
