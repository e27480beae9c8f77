import { useApolloClient } from "@apollo/client/react";
import type { Outcome } from "../../../api/outcome";
import { useKey } from "../../../api/useKey";
import { useOutcome } from "../../../api/useOutcome";
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

export type ForetoldFix = Outcome<FixFindingsMutation["fixFindings"]>;

/** Mends findings: the effect, told before, and the new version; both say what was refused. */
export function useFixFindings() {
  const client = useApolloClient();
  const fix = useOutcome(FIX);
  const keyOf = useKey();
  return {
    effect: (asked: Asked) => fix({ input: { ...asked, dryRun: true } }),

    async now(asked: Asked): Promise<string | undefined> {
      const { refusal } = await fix({ input: { ...asked, idempotencyKey: keyOf(asked) } });
      if (!refusal) await client.refetchQueries({ include: ["Dataset"] });
      return refusal;
    },
  };
}
