import { useKey } from "../../api/useKey";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { SplitClusterInput } from "../../gql/graphql";
import { useClusterEdit } from "./useClusterEdit";

const SPLIT = graphql(`
  mutation SplitCluster($input: SplitClusterInput!) {
    splitCluster(input: $input) {
      edit { id parts }
      userErrors { message code path }
    }
  }
`);

export function useSplitCluster(versionId: string, onEdited: () => void) {
  const split = useOutcome(SPLIT);
  const edit = useClusterEdit(versionId, onEdited);
  const keyOf = useKey();
  return (asked: Omit<SplitClusterInput, "versionId">) =>
    edit("Split", split({ input: { ...asked, versionId, idempotencyKey: keyOf(asked) } }));
}
