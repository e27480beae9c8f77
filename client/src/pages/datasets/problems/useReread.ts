import { useKey } from "../../../api/useKey";
import { useOutcome } from "../../../api/useOutcome";
import { graphql } from "../../../gql";
import type { RereadDatasetInput } from "../../../gql/graphql";

const REREAD = graphql(`
  mutation RereadDataset($input: RereadDatasetInput!) {
    rereadDataset(input: $input) {
      dataset { id latestVersion { id } }
      userErrors { message code path }
    }
  }
`);

type Asked = Omit<RereadDatasetInput, "idempotencyKey">;

/** Reads a version's file again; answers with what was refused, or nothing. */
export function useReread() {
  const reread = useOutcome(REREAD, { refetchQueries: ["Dataset"], awaitRefetchQueries: true });
  const keyOf = useKey();
  return async (asked: Asked): Promise<string | undefined> => {
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    return (await reread({ input })).refusal;
  };
}
