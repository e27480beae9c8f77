import { useApolloClient, useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../../api/outcome";
import { useKey } from "../../../api/useKey";
import { graphql } from "../../../gql";
import type { FixFindingsInput, FixFindingsMutation } from "../../../gql/graphql";

const FIX = graphql(`
  mutation FixFindings($input: FixFindingsInput!) {
    fixFindings(input: $input) {
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

type Asked = Pick<FixFindingsInput, "datasetVersionId" | "ids">;

export interface ForetoldFix {
  effect: FixFindingsMutation["fixFindings"]["effect"] | undefined;
  refusal: string | undefined;
}

/** Mends findings: the effect, told before, and the new version; both say what was refused. */
export function useFixFindings() {
  const client = useApolloClient();
  const [fix] = useMutation(FIX);
  const keyOf = useKey();

  const run = (input: FixFindingsInput) =>
    outcomeOf(async () => (await fix({ variables: { input } })).data?.fixFindings);

  return {
    async effect(asked: Asked): Promise<ForetoldFix> {
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
