import { useKey } from "../../api/useKey";
import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { PredictInBulkInput } from "../../gql/graphql";
import type { AnswerWish } from "./Answering";

const PREDICT = graphql(`
  mutation PredictInBulk($input: PredictInBulkInput!) {
    predictInBulk(input: $input) {
      job { id bulkResult { id } }
      userErrors { message code path }
    }
  }
`);

/** The rows to be answered: of a data set, or of an upload as it is to be read. */
export type BulkRows = Pick<PredictInBulkInput, "datasetVersionId" | "uploadId" | "reading">;

export function usePredictInBulk() {
  const predict = useOutcome(PREDICT);
  const keyOf = useKey();
  return (wish: AnswerWish, rows: BulkRows) => {
    const asked = {
      ...rows,
      model: wish.model,
      format: wish.format,
      topK: Number(wish.topK),
      escapeFormulas: wish.format === "CSV" && wish.escapeFormulas,
      include: { neighbours: Number(wish.neighbours) },
    };
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    return predict({ input });
  };
}
