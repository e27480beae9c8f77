import { VersionIngest } from "../datasets/VersionIngest";
import { JobFollower } from "../models/compare/JobFollower";

interface UnderwayProps {
  jobId: string;
  onEnd: () => void;
}

/** A job of the first steps, live, until it is over. */
export function Underway({ jobId, onEnd }: UnderwayProps) {
  return (
    <div className="flex flex-col gap-4">
      <JobFollower id={jobId} onEnd={onEnd} />
      <VersionIngest jobId={jobId} />
    </div>
  );
}
