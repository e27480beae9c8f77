import { useKey } from "../../api/useKey";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { RenameClusterInput } from "../../gql/graphql";
import { useClusterEdit } from "./useClusterEdit";

const RENAME = graphql(`
  mutation RenameCluster($input: RenameClusterInput!) {
    renameCluster(input: $input) {
      edit { id }
      userErrors { message code path }
    }
  }
`);

export function useRenameCluster(versionId: string, onEdited: () => void) {
  const rename = useOutcome(RENAME);
  const edit = useClusterEdit(versionId, onEdited);
  const keyOf = useKey();
  return (asked: Omit<RenameClusterInput, "versionId">) =>
    edit("Renamed", rename({ input: { ...asked, versionId, idempotencyKey: keyOf(asked) } }));
}
