import { useOutcome } from "../../api/useOutcome";
import { graphql } from "../../gql";
import type { UpdateModelInput } from "../../gql/graphql";

const UPDATE = graphql(`
  mutation UpdateModel($input: UpdateModelInput!) {
    updateModel(input: $input) {
      model { id description revision }
      userErrors { message code path }
    }
  }
`);

export function useUpdateModel() {
  const update = useOutcome(UPDATE);
  return (input: UpdateModelInput) => update({ input });
}
