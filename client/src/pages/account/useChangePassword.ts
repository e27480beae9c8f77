import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
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
  const [change] = useMutation(CHANGE);
  return (old: string, next: string) =>
    outcomeOf(async () => (await change({ variables: { old, new: next } })).data?.changePassword);
}
