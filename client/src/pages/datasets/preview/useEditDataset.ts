import { useApolloClient } from "@apollo/client/react";
import { useKey } from "../../../api/useKey";
import { useOutcome } from "../../../api/useOutcome";
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
  const edit = useOutcome(EDIT);
  const keyOf = useKey();
  return {
    effect: (asked: Asked) => edit({ input: { ...asked, dryRun: true } }),

    async now(asked: Asked): Promise<string | undefined> {
      const { refusal } = await edit({ input: { ...asked, idempotencyKey: keyOf(asked) } });
      if (!refusal) await client.refetchQueries({ include: ["Dataset"] });
      return refusal;
    },
  };
}
