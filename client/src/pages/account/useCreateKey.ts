import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { CreateApiKeyInput } from "../../gql/graphql";

const CREATE = graphql(`
  mutation CreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) {
      apiKey { id }
      key
      userErrors { message code path }
    }
  }
`);

/** A new key; its secret is in the answer and nowhere else. */
export function useCreateKey() {
  const create = useOutcome(CREATE, { fetchPolicy: "no-cache" });
  return (input: CreateApiKeyInput) => create({ input });
}
