import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { graphql } from "../../gql";

const REVOKE = graphql(`
  mutation RevokeKey($id: ID!) {
    revokeApiKey(input: { id: $id }) {
      apiKey { id revokedAt warning }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. */
export function useRevokeKey() {
  const [revoke] = useMutation(REVOKE);
  return async (id: string): Promise<string | undefined> => {
    const run = async () => (await revoke({ variables: { id } })).data?.revokeApiKey;
    return (await outcomeOf(run)).refusal;
  };
}
