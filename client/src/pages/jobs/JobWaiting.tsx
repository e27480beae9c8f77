import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { JobWaiting_JobFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { duration } from "../../ui/words";

const WAITING = graphql(`
  fragment JobWaiting_job on Job {
    id
    waitingFor {
      message
      position
      blocker { id }
      eta { p50 p90 }
    }
  }
`);

/** Why a job waits, for what, and how long it may take. */
export function JobWaiting({ job: from }: { job: FragmentType<JobWaiting_JobFragment> }) {
  const { waitingFor } = useSuspenseFragment({ fragment: WAITING, from }).data;
  if (!waitingFor) return null;
  const { message, position, blocker, eta } = waitingFor;
  return (
    <Card title="Waiting">
      <p>
        {message}
        {position && ` It is number ${position} in line.`}
        {eta && ` Likely to begin in ${duration(eta.p50)}, at most ${duration(eta.p90)}.`}
      </p>
      {blocker && (
        <Link to={`/jobs/${blocker.id}`} className="text-accent underline">
          The job that it waits for
        </Link>
      )}
    </Card>
  );
}
