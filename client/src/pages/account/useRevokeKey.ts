import { useOutcome } from "../../api/useOutcome";
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
  const revoke = useOutcome(REVOKE);
  return async (id: string): Promise<string | undefined> => (await revoke({ id })).refusal;
}
