import { unique } from "../../api/unique";
import { useOutcome } from "../../api/useOutcome";
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
  const create = useOutcome(CREATE);
  return (driftReportId: string, size: number) => {
    const input = { driftReportId, size, idempotencyKey: unique() };
    return create({ input });
  };
}
