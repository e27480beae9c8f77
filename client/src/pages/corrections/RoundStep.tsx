import type { ReactNode } from "react";
import { Link } from "react-router";
import type { JobStatus } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { RunningJob } from "../datasets/RunningJob";
import { JobBadge } from "../jobs/JobBadge";

interface RoundStepProps {
  /** The job that does it; null before it begins. */
  job: { id: string; status: JobStatus } | null;
  children: ReactNode;
}

export function RoundStep({ job, children }: RoundStepProps) {
  if (job?.status === "QUEUED" || job?.status === "RUNNING") return <RunningJob id={job.id} />;
  return (
    <li className="flex flex-wrap items-center gap-2">
      {job ? <JobBadge status={job.status} /> : <Badge>to come</Badge>}
      <span>{children}</span>
      {job && (
        <Link to={`/jobs/${job.id}`} className="text-accent hover:underline">
          Its job
        </Link>
      )}
    </li>
  );
}
