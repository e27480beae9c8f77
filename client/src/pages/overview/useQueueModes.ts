import { useOutcome } from "../../api/useOutcome";
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
  const modes = { pause: useOutcome(PAUSE), drain: useOutcome(DRAIN), resume: useOutcome(RESUME) };
  return async (mode: keyof typeof modes): Promise<void> => {
    const { refusal } = await modes[mode]({ name });
    if (refusal) complain(refusal);
  };
}
