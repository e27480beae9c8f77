import { useMutation } from "@apollo/client/react";
import { outcomeOf } from "../../api/outcome";
import { unique } from "../../api/unique";
import { graphql } from "../../gql";

const CREATE = graphql(`
  mutation CreateLabellingBatch($input: CreateLabellingBatchInput!) {
    createLabellingBatch(input: $input) {
      batch { id }
      userErrors { message code path }
    }
  }
`);

export function useCreateBatch() {
  const [create] = useMutation(CREATE);
  return (driftReportId: string, size: number) => {
    const input = { driftReportId, size, idempotencyKey: unique() };
    return outcomeOf(
      async () => (await create({ variables: { input } })).data?.createLabellingBatch,
    );
  };
}
