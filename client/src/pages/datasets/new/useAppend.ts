import { useKey } from "../../../api/useKey";
import { useOutcome } from "../../../api/useOutcome";
import { graphql } from "../../../gql";
import type { AppendToDatasetInput } from "../../../gql/graphql";

const APPEND = graphql(`
  mutation AppendToDataset($input: AppendToDatasetInput!) {
    appendToDataset(input: $input) {
      dataset { id versionCount latestVersion { id } }
      userErrors { message code path }
    }
  }
`);

type Asked = Omit<AppendToDatasetInput, "idempotencyKey">;

/** Adds rows in a new version; answers with what was refused, or nothing. */
export function useAppend() {
  const append = useOutcome(APPEND);
  const keyOf = useKey();
  return async (asked: Asked): Promise<string | undefined> => {
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    return (await append({ input })).refusal;
  };
}
