import type { BulkStatus, JobStatus } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { JobBadge } from "../jobs/JobBadge";

interface BulkBadgeProps {
  status: BulkStatus;
  job: { status: JobStatus } | null;
}

/** Whether the file is there; before that, how far its job is. */
export function BulkBadge({ status, job }: BulkBadgeProps) {
  if (status === "READY") return <Badge tone="good">ready</Badge>;
  if (status === "EXPIRED") return <Badge>expired</Badge>;
  return job ? <JobBadge status={job.status} /> : <Badge>pending</Badge>;
}
