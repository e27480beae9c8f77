import type { Outcome } from "../../api/outcome";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { RollBackModelMutation } from "../../gql/graphql";

const ROLL_BACK = graphql(`
  mutation RollBackModel($id: ID!, $revision: Int!, $dryRun: Boolean!) {
    rollBackModel(input: { modelId: $id, expectedVersion: $revision, dryRun: $dryRun }) {
      model { id revision publishedVersion { id number } }
      effect { ...Effect_effect @unmask }
      userErrors { message code path }
    }
  }
`);

const WITHDRAW = graphql(`
  mutation WithdrawModel($id: ID!, $revision: Int!, $dryRun: Boolean!) {
    withdrawModel(input: { modelId: $id, expectedVersion: $revision, dryRun: $dryRun }) {
      model { id revision publishedVersion { id number } }
      effect { ...Effect_effect @unmask }
      userErrors { message code path }
    }
  }
`);

type Moved = Outcome<RollBackModelMutation["rollBackModel"]>;
export type Move = (dryRun: boolean) => Promise<Moved>;

/** Ways back from what is published: to the version before, or to none. Dry, they only tell. */
export function useMoveBack(id: string, revision: number): { rollBack: Move; withdraw: Move } {
  const rollBack = useOutcome(ROLL_BACK);
  const withdraw = useOutcome(WITHDRAW);
  return {
    rollBack: (dryRun) => rollBack({ id, revision, dryRun }),
    withdraw: (dryRun) => withdraw({ id, revision, dryRun }),
  };
}
