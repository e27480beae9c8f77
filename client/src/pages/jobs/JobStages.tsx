import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { clsx } from "clsx";
import { CircleCheck, CircleDashed, CircleX, LoaderCircle, type LucideIcon } from "lucide-react";
import { graphql } from "../../gql";
import type { JobStages_JobFragment, StageStatus } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Progress } from "../../ui/Progress";
import { useNow } from "../../ui/useNow";
import { count, duration, plainName } from "../../ui/words";

const STAGES = graphql(`
  fragment JobStages_job on Job {
    id
    progress
    remaining { p50 p90 }
    stages {
      name
      status
      done
      total
      startedAt
      endedAt
      summary
      isKept
      rowsPerSecond
    }
  }
`);

type Stage = JobStages_JobFragment["stages"][number];

const ICONS: Record<StageStatus, [icon: LucideIcon, look: string]> = {
  PENDING: [CircleDashed, "text-soft"],
  RUNNING: [LoaderCircle, "animate-spin text-accent"],
  DONE: [CircleCheck, "text-good"],
  FAILED: [CircleX, "text-bad"],
};

/** The way of a job: which stages are behind it, where it is, what is left. */
export function JobStages({ job: from }: { job: FragmentType<JobStages_JobFragment> }) {
  const { data: job } = useSuspenseFragment({ fragment: STAGES, from });
  return (
    <Card
      title="Stages"
      actions={job.remaining && <span className="text-soft">{left(job.remaining)}</span>}
    >
      <ol className="flex flex-col">
        {job.stages.map((stage, place) => (
          <StageLine key={stage.name} stage={stage} isLast={place === job.stages.length - 1} />
        ))}
      </ol>
    </Card>
  );
}

function left({ p50, p90 }: { p50: number; p90: number }): string {
  return `about ${duration(p50)} left, at most ${duration(p90)}`;
}

function StageLine({ stage, isLast }: { stage: Stage; isLast: boolean }) {
  const [Icon, look] = ICONS[stage.status];
  const isRunning = stage.status === "RUNNING";
  return (
    <li className="flex gap-3">
      <div className="flex flex-col items-center">
        <Icon aria-label={plainName(stage.status)} className={clsx("size-5 shrink-0", look)} />
        {!isLast && <span aria-hidden="true" className="min-h-3 w-px flex-1 bg-line" />}
      </div>
      <div className="min-w-0 flex-1 pb-3">
        <div className="flex flex-wrap justify-between gap-2">
          <span className="font-medium">{stage.name}</span>
          <span className="text-soft">
            {stage.isKept ? "from an earlier run" : <Taken stage={stage} />}
          </span>
        </div>
        {isRunning && stage.total > 0 && (
          <>
            <Progress label={stage.name} share={stage.done / stage.total} />
            <p className="text-xs text-soft">
              {count(stage.done)} of {count(stage.total)}
              {stage.rowsPerSecond && `, ${count(Math.round(stage.rowsPerSecond))} a second`}
            </p>
          </>
        )}
        {stage.summary && <p className="text-soft">{stage.summary}</p>}
      </div>
    </li>
  );
}

function Taken({ stage: { startedAt, endedAt } }: { stage: Stage }) {
  const now = useNow();
  if (!startedAt) return null;
  const end = endedAt ? Date.parse(endedAt) : now;
  return duration(Math.max(0, end - Date.parse(startedAt)) / 1_000);
}
