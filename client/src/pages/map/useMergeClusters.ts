import { useKey } from "../../api/useKey";
import { useOutcome } from "../../api/useOutcome";
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

/** Trying tells what it would change. */
export function useMergeClusters(versionId: string, onEdited: () => void) {
  const merge = useOutcome(MERGE);
  const edit = useClusterEdit(versionId, onEdited);
  const keyOf = useKey();
  return {
    attempt: (asked: Asked) => merge({ input: { ...asked, versionId, dryRun: true } }),
    merge: (asked: Asked) =>
      edit("Merged", merge({ input: { ...asked, versionId, idempotencyKey: keyOf(asked) } })),
  };
}
