import { useKey } from "../../../api/useKey";
import { useOutcome } from "../../../api/useOutcome";
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
  const tryThem = useOutcome(TRY, { refetchQueries: ["Dataset"], awaitRefetchQueries: true });
  const keyOf = useKey();
  return async (modelVersionId: string, chosen: readonly RowFix[]) => {
    const fixes = chosen.map(({ row, label, drop }) => (drop ? { row, drop } : { row, label }));
    const asked = { modelVersionId, fixes };
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    const { done, refusal } = await tryThem({ input });
    return { trialId: done?.trial?.id, refusal };
  };
}
