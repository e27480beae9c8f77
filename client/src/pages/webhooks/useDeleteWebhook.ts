import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { graphql } from "../../gql";

const DELETE = graphql(`
  mutation DeleteWebhook($id: ID!, $dryRun: Boolean!) {
    deleteWebhook(input: { id: $id, dryRun: $dryRun }) {
      waiting
      logged
      userErrors { message code path }
    }
  }
`);

/** Deletes a webhook, or tells what goes with it. */
export function useDeleteWebhook() {
  const [remove] = useMutation(DELETE);
  return (id: string, dryRun: boolean) =>
    outcomeOf(async () => (await remove({ variables: { id, dryRun } })).data?.deleteWebhook);
}
