import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { RotateApiKeyInput } from "../../gql/graphql";

const ROTATE = graphql(`
  mutation RotateKey($input: RotateApiKeyInput!) {
    rotateApiKey(input: $input) {
      apiKey { id expiresAt warning rotatedAt previousUntil }
      key
      userErrors { message code path }
    }
  }
`);

/** A new secret for a key. */
export function useRotateKey() {
  const rotate = useOutcome(ROTATE);
  return (input: RotateApiKeyInput) => rotate({ input });
}
