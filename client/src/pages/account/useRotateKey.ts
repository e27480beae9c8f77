import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
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
  const [rotate] = useMutation(ROTATE);
  return (input: RotateApiKeyInput) =>
    outcomeOf(async () => (await rotate({ variables: { input } })).data?.rotateApiKey);
}
