import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../api/problems";
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

export interface Moved {
  effect?: NonNullable<RollBackModelMutation["rollBackModel"]>["effect"] | undefined;
  refusal?: string | undefined;
}

export type Move = (dryRun: boolean) => Promise<Moved>;

/** Ways back from what is published: to the version before, or to none. Dry, they only tell. */
export function useMoveBack(id: string, revision: number): { rollBack: Move; withdraw: Move } {
  const [rollBack] = useMutation(ROLL_BACK);
  const [withdraw] = useMutation(WITHDRAW);
  return {
    rollBack: (dryRun) =>
      told(
        async () => (await rollBack({ variables: { id, revision, dryRun } })).data?.rollBackModel,
      ),
    withdraw: (dryRun) =>
      told(
        async () => (await withdraw({ variables: { id, revision, dryRun } })).data?.withdrawModel,
      ),
  };
}

type Payload = RollBackModelMutation["rollBackModel"] | undefined;

async function told(ask: () => Promise<Payload>): Promise<Moved> {
  try {
    const payload = await ask();
    return { effect: payload?.effect, refusal: refusalOf(payload) };
  } catch (error) {
    return { refusal: problemOf(error) };
  }
}
