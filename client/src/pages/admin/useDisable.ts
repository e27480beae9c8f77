import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
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
  const [disable] = useMutation(DISABLE);
  return ({ id, revision }: { id: string; revision: number }, dryRun: boolean) =>
    outcomeOf(
      async () => (await disable({ variables: { id, dryRun, revision } })).data?.disableUser,
    );
}
