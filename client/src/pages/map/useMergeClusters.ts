import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { useKey } from "../../api/useKey";
import { graphql } from "../../gql";
import type { MergeClustersInput } from "../../gql/graphql";
import { useClusterEdit } from "./useClusterEdit";

const MERGE = graphql(`
  mutation MergeClusters($input: MergeClustersInput!) {
    mergeClusters(input: $input) {
      edit { id }
      effect { rows clustersBefore clustersAfter versions }
      userErrors { message code path }
    }
  }
`);

type Asked = Omit<MergeClustersInput, "versionId" | "dryRun">;

/** Trying tells what it would change; merging answers with what was refused, or nothing. */
export function useMergeClusters(versionId: string, onEdited: () => void) {
  const [run] = useMutation(MERGE);
  const edit = useClusterEdit(versionId, onEdited);
  const keyOf = useKey();
  const send = async (input: MergeClustersInput) =>
    (await run({ variables: { input } })).data?.mergeClusters;
  return {
    attempt: (asked: Asked) => outcomeOf(() => send({ ...asked, versionId, dryRun: true })),
    merge: async (asked: Asked): Promise<string | undefined> => {
      const input = { ...asked, versionId, idempotencyKey: keyOf(asked) };
      return (await edit("Merged", () => send(input))).refusal;
    },
  };
}
