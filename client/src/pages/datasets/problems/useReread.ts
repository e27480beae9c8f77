import { useApolloClient, useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../../api/outcome";
import { useKey } from "../../../api/useKey";
import { graphql } from "../../../gql";
import type { RereadDatasetInput } from "../../../gql/graphql";

const REREAD = graphql(`
  mutation RereadDataset($input: RereadDatasetInput!) {
    rereadDataset(input: $input) {
      dataset { id latestVersion { id } }
      userErrors { message code path }
    }
  }
`);

type Asked = Omit<RereadDatasetInput, "idempotencyKey">;

/** Reads a version's file again; answers with what was refused, or nothing. */
export function useReread() {
  const client = useApolloClient();
  const [reread] = useMutation(REREAD);
  const keyOf = useKey();
  return async (asked: Asked): Promise<string | undefined> => {
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    const { refusal } = await outcomeOf(
      async () => (await reread({ variables: { input } })).data?.rereadDataset,
    );
    if (!refusal) await client.refetchQueries({ include: ["Dataset"] });
    return refusal;
  };
}
