import { useMutation } from "@apollo/client/react";
import { useKey } from "../../api/useKey";
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

/** Answers with what was refused, or nothing. */
export function useSplitCluster(versionId: string, onEdited: () => void) {
  const [split] = useMutation(SPLIT);
  const edit = useClusterEdit(versionId, onEdited);
  const keyOf = useKey();
  return async (asked: Omit<SplitClusterInput, "versionId">): Promise<string | undefined> => {
    const input = { ...asked, versionId, idempotencyKey: keyOf(asked) };
    const { refusal } = await edit(
      "Split",
      async () => (await split({ variables: { input } })).data?.splitCluster,
    );
    return refusal;
  };
}
