import type { JobKind, JobStatus } from "../../gql/graphql";
import { isOver } from "../jobs/isOver";
import { RunningJob } from "./RunningJob";

/** Those that ingest show themselves; trainings have pages of their own. */
const SHOWN: ReadonlySet<JobKind> = new Set(["CHECK", "INDEX", "REFIT"]);

interface Work {
  id: string;
  kind: JobKind;
  status: JobStatus;
}

export function goingOn<Job extends Work>(jobs: readonly Job[]): Job[] {
  return jobs.filter(({ kind, status }) => SHOWN.has(kind) && !isOver(status));
}

/** Work on the data set that is going on. */
export function DatasetJobs({ jobs }: { jobs: readonly Work[] }) {
  if (jobs.length === 0) return null;
  return (
    <ul aria-label="Work on this data set" className="flex flex-col gap-2">
      {jobs.map(({ id }) => (
        <RunningJob key={id} id={id} />
      ))}
    </ul>
  );
}
