import { useKey } from "../../../api/useKey";
import { useOutcome } from "../../../api/useOutcome";
import { graphql } from "../../../gql";
import type { PinQuestionInput } from "../../../gql/graphql";

const PIN = graphql(`
  mutation PinQuestion($input: PinQuestionInput!) {
    pinQuestion(input: $input) {
      question { id text label note blocks revision }
      userErrors { message code path }
    }
  }
`);

export function usePinQuestion() {
  const pin = useOutcome(PIN);
  const keyOf = useKey();
  return (asked: Omit<PinQuestionInput, "idempotencyKey">) =>
    pin({ input: { ...asked, idempotencyKey: keyOf(asked) } });
}
