import { useKey } from "../../../api/useKey";
import { useOutcome } from "../../../api/useOutcome";
import { graphql } from "../../../gql";
import type { CreateDatasetInput } from "../../../gql/graphql";

const CREATE = graphql(`
  mutation CreateDataset($input: CreateDatasetInput!) {
    createDataset(input: $input) {
      dataset { id }
      userErrors { message code path }
    }
  }
`);

type Asked = Omit<CreateDatasetInput, "idempotencyKey">;

/** The new data set's id, or why there is none. */
export function useCreateDataset() {
  const create = useOutcome(CREATE);
  const keyOf = useKey();
  return async (asked: Asked) => {
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    const { done, refusal } = await create({ input });
    return { id: done?.dataset?.id, refusal };
  };
}
