import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../../api/problems";
import { graphql } from "../../../gql";

const PIN = graphql(`
  mutation PinQuestion($input: PinQuestionInput!) {
    pinQuestion(input: $input) {
      question { id text label note blocks revision }
      userErrors { message code path }
    }
  }
`);

interface Question {
  modelId: string;
  text: string;
  label: string;
  note: string;
  idempotencyKey: string;
}

/** Answers with what was refused, or nothing. */
export function usePinQuestion() {
  const [pin] = useMutation(PIN);
  return async (input: Question): Promise<string | undefined> => {
    try {
      return refusalOf((await pin({ variables: { input } })).data?.pinQuestion);
    } catch (error) {
      return problemOf(error);
    }
  };
}
