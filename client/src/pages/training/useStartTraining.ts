import { useMutation } from "@apollo/client/react";
import { useRef } from "react";
import { problemOf } from "../../api/problems";
import { unique } from "../../api/unique";
import { graphql } from "../../gql";
import type { StartTrainingInput } from "../../gql/graphql";
import { fieldOf, type Problems } from "./settings";

const START = graphql(`
  mutation StartTraining($input: StartTrainingInput!) {
    startTraining(input: $input) {
      job { id }
      userErrors { message code path }
    }
  }
`);

interface Started {
  jobId?: string | undefined;
  /** What was refused, by field; `rest` for what no field is about. */
  problems: Problems;
  rest?: string | undefined;
}

/** Starts a training once, however often the same form is sent. */
export function useStartTraining() {
  const [start] = useMutation(START);
  const sent = useRef({ request: "", key: "" });

  return async (input: StartTrainingInput): Promise<Started> => {
    const request = JSON.stringify(input);
    if (sent.current.request !== request) {
      sent.current = { request, key: unique() };
    }
    try {
      const idempotencyKey = sent.current.key;
      const { data } = await start({ variables: { input: { ...input, idempotencyKey } } });
      return told(data?.startTraining.job?.id, data?.startTraining.userErrors ?? []);
    } catch (error) {
      return { problems: {}, rest: problemOf(error) };
    }
  };
}

function told(
  jobId: string | undefined,
  userErrors: readonly { message: string; path: string[] }[],
): Started {
  const problems: Problems = {};
  const others: string[] = [];
  for (const { message, path } of userErrors) {
    const field = fieldOf(path);
    if (field) problems[field] = message;
    else others.push(message);
  }
  return { jobId, problems, rest: others[0] };
}
