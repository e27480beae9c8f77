import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { useNavigate } from "react-router";
import { graphql } from "../../gql";
import type { JobActions_JobFragment } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { complain, note } from "../../ui/toast";
import { useCancelJob } from "./useCancelJob";
import { useRetryJob } from "./useRetryJob";

const ACTIONS = graphql(`
  fragment JobActions_job on Job {
    id
    status
    revision
  }
`);

/** What may be done with a job in its present state. */
export function JobActions({ job: from }: { job: FragmentType<JobActions_JobFragment> }) {
  const { data: job } = useSuspenseFragment({ fragment: ACTIONS, from });
  return (
    <>
      {(job.status === "QUEUED" || job.status === "RUNNING") && <Cancel id={job.id} />}
      {(job.status === "FAILED" || job.status === "CANCELLED") && <Retry id={job.id} />}
    </>
  );
}

function Cancel({ id }: { id: string }) {
  const cancel = useCancelJob();
  return (
    <Confirm
      trigger={<Button look="danger">Cancel</Button>}
      title="Cancel this job?"
      action="Cancel the job"
      onConfirm={() => cancel(id)}
    >
      It stops between two batches, within seconds. What its finished stages made is kept, so that
      trying again goes on from there.
    </Confirm>
  );
}

function Retry({ id }: { id: string }) {
  const retry = useRetryJob();
  const navigate = useNavigate();
  async function again() {
    const { done, refusal } = await retry(id);
    if (refusal) complain(refusal);
    if (!done?.job) return;
    note("Tried again", "The new job goes on from the last finished stage.");
    navigate(`/jobs/${done.job.id}`);
  }
  return <Button onClick={again}>Try again</Button>;
}
