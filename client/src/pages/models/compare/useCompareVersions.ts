import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../../api/problems";
import { graphql } from "../../../gql";

const COMPARE = graphql(`
  mutation CompareVersions($before: ID!, $after: ID!, $key: String!) {
    compareVersions(input: { before: $before, after: $after, idempotencyKey: $key }) {
      job { id status progress }
      userErrors { message code path }
    }
  }
`);

/** Answers with what was refused, or nothing. The same click is done once. */
export function useCompareVersions() {
  const [compare] = useMutation(COMPARE);
  return async (before: string, after: string, key: string): Promise<string | undefined> => {
    try {
      const { data } = await compare({ variables: { before, after, key } });
      return refusalOf(data?.compareVersions);
    } catch (error) {
      return problemOf(error);
    }
  };
}
