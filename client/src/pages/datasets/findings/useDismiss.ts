import { useOutcome } from "../../../api/useOutcome";
import { graphql } from "../../../gql";

const DISMISS = graphql(`
  mutation DismissFindings($ids: [ID!]!, $reopen: Boolean!) {
    dismissFindings(input: { ids: $ids, reopen: $reopen }) {
      findings { id status }
      userErrors { message code path }
    }
  }
`);

/** Decides that findings are no faults, or takes that back; answers with what was refused. */
export function useDismiss() {
  const dismiss = useOutcome(DISMISS, { refetchQueries: ["DatasetQuality"] });
  return async (ids: string[], reopen: boolean): Promise<string | undefined> =>
    (await dismiss({ ids, reopen })).refusal;
}
