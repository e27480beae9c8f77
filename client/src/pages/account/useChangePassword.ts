import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";

const CHANGE = graphql(`
  mutation ChangePassword($old: String!, $new: String!) {
    changePassword(input: { oldPassword: $old, newPassword: $new }) {
      user { id }
      userErrors { message code path }
    }
  }
`);

export function useChangePassword() {
  const change = useOutcome(CHANGE);
  return (old: string, next: string) => change({ old, new: next });
}
