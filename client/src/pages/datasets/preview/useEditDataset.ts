import { useApolloClient, useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../../api/outcome";
import { useKey } from "../../../api/useKey";
import { graphql } from "../../../gql";
import type { EditDatasetInput } from "../../../gql/graphql";

const EDIT = graphql(`
  mutation EditDataset($input: EditDatasetInput!) {
    editDataset(input: $input) {
      dataset { id latestVersion { id } }
      effect {
        rowsBefore
        rowsAfter
        counts { relabelled reworded dropped unchanged missing }
      }
      userErrors { message code path }
    }
  }
`);

type Asked = Omit<EditDatasetInput, "idempotencyKey" | "dryRun">;

/** Edits of rows: their effect, told before, and the new version; both say what was refused. */
export function useEditDataset() {
  const client = useApolloClient();
  const [edit] = useMutation(EDIT);
  const keyOf = useKey();

  const run = (input: EditDatasetInput) =>
    outcomeOf(async () => (await edit({ variables: { input } })).data?.editDataset);

  return {
    async effect(asked: Asked) {
      const { done, refusal } = await run({ ...asked, dryRun: true });
      return { effect: done?.effect, refusal };
    },
    async now(asked: Asked): Promise<string | undefined> {
      const { refusal } = await run({ ...asked, idempotencyKey: keyOf(asked) });
      if (!refusal) await client.refetchQueries({ include: ["Dataset"] });
      return refusal;
    },
  };
}
