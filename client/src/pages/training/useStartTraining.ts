import { useMutation } from "@apollo/client/react";
import { problemOf } from "../../api/problems";
import { useKey } from "../../api/useKey";
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
  const keyOf = useKey();
  return async (asked: StartTrainingInput): Promise<Started> => {
    const input = { ...asked, idempotencyKey: keyOf(asked) };
    try {
      const { data } = await start({ variables: { input } });
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
