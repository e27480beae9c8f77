import { useMutation } from "@apollo/client/react";
import { problemOf, refusalOf } from "../../api/problems";
import { graphql } from "../../gql";

const RETRY = graphql(`
  mutation RetryJob($id: ID!, $key: String!) {
    retryJob(input: { id: $id, idempotencyKey: $key }) {
      job { id }
      userErrors { message code path }
    }
  }
`);

interface Retried {
  refusal?: string | undefined;
  jobId?: string | undefined;
}

/** The new job, or why there is none. A job is tried again once, however often the button is hit. */
export function useRetryJob() {
  const [retry] = useMutation(RETRY);
  return async (id: string): Promise<Retried> => {
    try {
      const { data } = await retry({ variables: { id, key: `retry ${id}` } });
      return { refusal: refusalOf(data?.retryJob), jobId: data?.retryJob.job?.id };
    } catch (error) {
      return { refusal: problemOf(error) };
    }
  };
}
