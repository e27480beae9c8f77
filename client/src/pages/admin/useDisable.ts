import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const DISABLE = graphql(`
  mutation DisableUser($id: ID!, $dryRun: Boolean!, $revision: Int!) {
    disableUser(input: { userId: $id, dryRun: $dryRun, expectedVersion: $revision }) {
      user { id disabledAt revision }
      effect { sessions apiKeys jobs }
      userErrors { message code path }
    }
  }
`);

/** Keeps somebody out, or tells what that would end. */
export function useDisable() {
  const disable = useOutcome(DISABLE);
  return ({ id, revision }: { id: string; revision: number }, dryRun: boolean) =>
    disable({ id, dryRun, revision });
}
