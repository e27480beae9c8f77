import { useMutation } from "@apollo/client/react";
import { useKey } from "../../api/useKey";
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

/** Answers with what was refused, or nothing. */
export function useRenameCluster(versionId: string, onEdited: () => void) {
  const [rename] = useMutation(RENAME);
  const edit = useClusterEdit(versionId, onEdited);
  const keyOf = useKey();
  return async (asked: Omit<RenameClusterInput, "versionId">): Promise<string | undefined> => {
    const input = { ...asked, versionId, idempotencyKey: keyOf(asked) };
    const { refusal } = await edit(
      "Renamed",
      async () => (await rename({ variables: { input } })).data?.renameCluster,
    );
    return refusal;
  };
}
