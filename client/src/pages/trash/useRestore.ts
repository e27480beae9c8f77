import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
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
  const [dataset] = useMutation(DATASET);
  const [model] = useMutation(MODEL);

  async function run({ id, kind, revision }: Trashed) {
    const variables = { id, revision };
    switch (kind) {
      case "DATASET":
        return (await dataset({ variables })).data?.restoreDataset;
      case "MODEL":
        return (await model({ variables })).data?.restoreModel;
      default:
        return kind satisfies never;
    }
  }

  return async (thing: Trashed): Promise<string | undefined> =>
    (await outcomeOf(() => run(thing))).refusal;
}
