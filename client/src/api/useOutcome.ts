import type { OperationVariables, TypedDocumentNode } from "@apollo/client";
import { useMutation } from "@apollo/client/react";
import { type Outcome, outcomeOf, type Payload } from "./outcome";

/** A mutation of one field: to be called with its variables, it answers with what came of it. */
export function useOutcome<
  Data extends Record<string, Payload>,
  Variables extends OperationVariables,
>(
  document: TypedDocumentNode<Data, Variables>,
  options?: useMutation.Options<Data>,
): (variables: Variables) => Promise<Outcome<Data[keyof Data]>> {
  const [run] = useMutation<Data, OperationVariables>(document as TypedDocumentNode<Data>, options);
  return (variables) =>
    outcomeOf(async () => {
      const { data } = await run({ variables });
      return data && (Object.values(data)[0] as Data[keyof Data]);
    });
}
