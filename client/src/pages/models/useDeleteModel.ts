import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../api/problems";
import { graphql } from "../../gql";
import type { DeleteModelMutation } from "../../gql/graphql";

const DELETE = graphql(`
  mutation DeleteModel($id: ID!, $revision: Int!, $dryRun: Boolean!) {
    deleteModel(input: { id: $id, expectedVersion: $revision, dryRun: $dryRun }) {
      effect {
        bytes
        modelVersions
        predictions
        purgeAt
        blockers { code message job { id } }
      }
      userErrors { message code path }
    }
  }
`);

export interface Deletion {
  effect?: DeleteModelMutation["deleteModel"]["effect"] | undefined;
  refusal?: string | undefined;
}

/** Puts a model into the trash, or tells what that takes along. */
export function useDeleteModel(id: string, revision: number) {
  const [remove, { client }] = useMutation(DELETE);
  return async (dryRun: boolean): Promise<Deletion> => {
    try {
      const { data } = await remove({ variables: { id, revision, dryRun } });
      const refusal = refusalOf(data?.deleteModel);
      // Lists that were read before still name it.
      if (!dryRun && !refusal) client.cache.evict({ fieldName: "models" });
      return { effect: data?.deleteModel.effect, refusal };
    } catch (error) {
      return { refusal: problemOf(error) };
    }
  };
}
