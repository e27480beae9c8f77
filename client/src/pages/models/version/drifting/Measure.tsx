import { useState, useTransition } from "react";
import { Link } from "react-router";
import { unique } from "../../../../api/unique";
import type { JobStatus } from "../../../../gql/graphql";
import { Button } from "../../../../ui/Button";
import { Card } from "../../../../ui/Card";
import { Moment } from "../../../../ui/Moment";
import { JobFollower } from "../../compare/JobFollower";
import { useMeasureDrift } from "./useMeasureDrift";

interface MeasureProps {
  versionId: string;
  latest:
    | {
        createdAt: string;
        findings: { message: string } | null;
        job: { id: string; status: JobStatus } | null;
      }
    | undefined;
  onTurn: () => Promise<unknown>;
}

/** Measures drift now, and says what the last measurement came to. */
export function Measure({ versionId, latest, onTurn }: MeasureProps) {
  const [key, setKey] = useState(unique);
  const [problem, setProblem] = useState("");
  const [isPending, start] = useTransition();
  const measure = useMeasureDrift();
  const job = latest?.job;
  const isRunning = job?.status === "QUEUED" || job?.status === "RUNNING";

  async function ask() {
    const refused = await measure(versionId, key);
    setProblem(refused ?? "");
    if (refused) return;
    setKey(unique());
    await onTurn();
  }

  return (
    <Card
      title="Latest measurement"
      actions={
        <Button disabled={isPending || isRunning} onClick={() => start(ask)}>
          {isRunning ? "Measuring …" : "Measure now"}
        </Button>
      }
    >
      {isRunning && job && <JobFollower key={job.id} id={job.id} onEnd={onTurn} />}
      <p>
        {latest?.findings?.message ?? (
          <span className="text-soft">
            {isRunning ? "It reads what was asked." : "Nothing was measured yet."}
          </span>
        )}
      </p>
      {latest && (
        <p className="mt-1 text-xs text-soft">
          <Moment at={latest.createdAt} />
          {job && (
            <>
              ,{" "}
              <Link to={`/jobs/${job.id}`} className="text-accent underline">
                its job
              </Link>
            </>
          )}
        </p>
      )}
      {problem && (
        <p role="alert" className="mt-2 text-bad">
          {problem}
        </p>
      )}
    </Card>
  );
}
