import { useOutcome } from "../../../api/useOutcome";
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
  const compare = useOutcome(COMPARE);
  return async (before: string, after: string, key: string) =>
    (await compare({ before, after, key })).refusal;
}
