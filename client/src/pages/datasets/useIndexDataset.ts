import { useApolloClient } from "@apollo/client/react";
import { unique } from "../../api/unique";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import { complain, note } from "../../ui/toast";

const INDEX = graphql(`
  mutation IndexDataset($versionId: ID!, $key: String!) {
    indexDataset(input: { datasetVersionId: $versionId, idempotencyKey: $key }) {
      job { id status }
      index { id ready }
      userErrors { message code path }
    }
  }
`);

/** Makes a version searchable by meaning; the job is shown among the data set's. */
export function useIndexDataset() {
  const client = useApolloClient();
  const index = useOutcome(INDEX);
  return async (versionId: string): Promise<void> => {
    const { done, refusal } = await index({ versionId, key: unique() });
    if (refusal) complain(refusal);
    if (done?.index?.ready) note("It can be searched already");
    await client.refetchQueries({ include: "active" });
  };
}
