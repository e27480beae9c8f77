import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { JobState_JobFragment } from "../../gql/graphql";
import { LiveBadge } from "../../ui/LiveBadge";
import { JobBadge } from "./JobBadge";

const STATE = graphql(`
  fragment JobState_job on Job {
    id
    status
  }
`);

interface JobStateProps {
  job: FragmentType<JobState_JobFragment>;
  feed: string;
}

/** How a job stands, and whether that is of this second. */
export function JobState({ job: from, feed }: JobStateProps) {
  const { data: job } = useSuspenseFragment({ fragment: STATE, from });
  return (
    <>
      <JobBadge status={job.status} />
      <LiveBadge feed={feed} endsWell />
    </>
  );
}
