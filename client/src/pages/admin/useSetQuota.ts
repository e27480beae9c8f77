import { useOutcome } from "../../api/useOutcome";
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
  const setQuota = useOutcome(SET_QUOTA);
  return (input: SetQuotaInput) => setQuota({ input });
}
