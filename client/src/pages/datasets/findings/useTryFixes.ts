import { useApolloClient, useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../../api/outcome";
import { useKey } from "../../../api/useKey";
import { graphql } from "../../../gql";
import type { RowFix } from "./fixes";

const TRY = graphql(`
  mutation TryFixes($input: TryFixesInput!) {
    tryFixes(input: $input) {
      trial { id }
      userErrors { message code path }
    }
  }
`);

/** The trial that was begun, or why there is none. */
export function useTryFixes() {
  const client = useApolloClient();
  const [tryThem] = useMutation(TRY);
  const keyOf = useKey();
  return async (modelVersionId: string, chosen: readonly RowFix[]) => {
    const fixes = chosen.map(({ row, label, drop }) => (drop ? { row, drop } : { row, label }));
    const asked = { modelVersionId, fixes };
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    const { done, refusal } = await outcomeOf(
      async () => (await tryThem({ variables: { input } })).data?.tryFixes,
    );
    if (done) await client.refetchQueries({ include: ["Dataset"] });
    return { trialId: done?.trial?.id, refusal };
  };
}
