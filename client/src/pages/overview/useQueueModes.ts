import { useMutation } from "@apollo/client/react";
import { refusalOf } from "../../api/problems";
import { graphql } from "../../gql";
import type { JobKind } from "../../gql/graphql";
import { complain } from "../../ui/toast";

const PAUSE = graphql(`
  mutation PauseQueue($name: JobKind!) {
    pauseQueue(input: { name: $name }) {
      queue { name mode reason }
      userErrors { message code path }
    }
  }
`);
const DRAIN = graphql(`
  mutation DrainQueue($name: JobKind!) {
    drainQueue(input: { name: $name }) {
      queue { name mode reason }
      userErrors { message code path }
    }
  }
`);
const RESUME = graphql(`
  mutation ResumeQueue($name: JobKind!) {
    resumeQueue(input: { name: $name }) {
      queue { name mode reason }
      userErrors { message code path }
    }
  }
`);

/** Pause, drain and resume a queue; what is refused is told in a note. */
export function useQueueModes(name: JobKind) {
  const options = { variables: { name }, onError: complain };
  const [pause] = useMutation(PAUSE, options);
  const [drain] = useMutation(DRAIN, options);
  const [resume] = useMutation(RESUME, options);
  return {
    pause: async () => tell(refusalOf((await pause()).data?.pauseQueue)),
    drain: async () => tell(refusalOf((await drain()).data?.drainQueue)),
    resume: async () => tell(refusalOf((await resume()).data?.resumeQueue)),
  };
}

function tell(refusal: string | undefined): void {
  if (refusal) complain(refusal);
}
