import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
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
  const [create] = useMutation(CREATE, { fetchPolicy: "no-cache" });
  return (input: CreateApiKeyInput) =>
    outcomeOf(async () => (await create({ variables: { input } })).data?.createApiKey);
}
