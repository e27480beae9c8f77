import { useOutcome } from "../../api/useOutcome";
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
  const remove = useOutcome(DELETE);
  return (id: string, dryRun: boolean) => remove({ id, dryRun });
}
