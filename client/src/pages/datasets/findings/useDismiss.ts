import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../../api/outcome";
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
  const [dismiss] = useMutation(DISMISS, { refetchQueries: ["DatasetQuality"] });
  return async (ids: string[], reopen: boolean): Promise<string | undefined> => {
    const { refusal } = await outcomeOf(
      async () => (await dismiss({ variables: { ids, reopen } })).data?.dismissFindings,
    );
    return refusal;
  };
}
