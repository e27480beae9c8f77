import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { TrashedKind } from "../../gql/graphql";

const DATASET = graphql(`
  mutation RestoreDataset($id: ID!, $revision: Int!) {
    restoreDataset(input: { id: $id, expectedVersion: $revision }) {
      dataset { id }
      userErrors { message code path }
    }
  }
`);
const MODEL = graphql(`
  mutation RestoreModel($id: ID!, $revision: Int!) {
    restoreModel(input: { id: $id, expectedVersion: $revision }) {
      model { id }
      userErrors { message code path }
    }
  }
`);

interface Trashed {
  id: string;
  kind: TrashedKind;
  revision: number;
}

/** Answers with what was refused, or nothing. */
export function useRestore() {
  const restore = { DATASET: useOutcome(DATASET), MODEL: useOutcome(MODEL) };
  return async ({ id, kind, revision }: Trashed): Promise<string | undefined> =>
    (await restore[kind]({ id, revision })).refusal;
}
