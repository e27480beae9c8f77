import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { graphql } from "../../gql";
import type { SetQuotaInput } from "../../gql/graphql";

const SET_QUOTA = graphql(`
  mutation SetQuota($input: SetQuotaInput!) {
    setQuota(input: $input) {
      quota { kind limit isDefault }
      userErrors { message code path }
    }
  }
`);

export function useSetQuota() {
  const [setQuota] = useMutation(SET_QUOTA);
  return (input: SetQuotaInput) =>
    outcomeOf(async () => (await setQuota({ variables: { input } })).data?.setQuota);
}
