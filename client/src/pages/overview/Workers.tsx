import { Link } from "react-router";
import { graphql } from "../../gql";
import type { Workers_SystemFragment } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Moment } from "../../ui/Moment";
import { Progress } from "../../ui/Progress";
import { Empty } from "../../ui/States";
import { bytes, plainName, titled } from "../../ui/words";

graphql(`
  fragment Workers_system on System {
    workers {
      id
      kind
      host
      pid
      heartbeat
      memoryBytes
      memoryTotalBytes
      slots
      jobs { stage job { id kind } }
      modelVersions { id number model { id name } }
    }
  }
`);

type Worker = Workers_SystemFragment["workers"][number];

/** Who works, where, at what, and with how much memory. */
export function Workers({ system: { workers } }: { system: Workers_SystemFragment }) {
  return (
    <Card title="Workers">
      {workers.length === 0 && (
        <Empty title="No worker is up">
          Start one with <code>shoal worker pipeline</code> or <code>shoal worker inference</code>.
        </Empty>
      )}
      <ul className="flex flex-col gap-4">
        {workers.map((worker) => (
          <WorkerLine key={worker.id} worker={worker} />
        ))}
      </ul>
    </Card>
  );
}

function WorkerLine({ worker }: { worker: Worker }) {
  const { memoryBytes, memoryTotalBytes } = worker;
  return (
    <li className="flex flex-col gap-1">
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone="accent">{plainName(worker.kind)}</Badge>
        <span className="font-medium">{worker.host}</span>
        <span className="text-soft">
          process {worker.pid}, seen <Moment at={worker.heartbeat} />
        </span>
      </div>
      <Progress label="Memory" share={memoryBytes / memoryTotalBytes} />
      <p className="text-xs text-soft">
        {bytes(memoryBytes)} of {bytes(memoryTotalBytes)}
      </p>
      <p>
        {worker.jobs.map(
          ({ job, stage }) =>
            job && (
              <Link key={job.id} to={`/jobs/${job.id}`} className="mr-3 text-accent underline">
                {titled(plainName(job.kind))} job{stage && `: ${stage}`}
              </Link>
            ),
        )}
        {worker.modelVersions.length > 0 && (
          <>
            <span className="text-soft">holds </span>
            {worker.modelVersions.map(
              ({ id, number, model }) =>
                model && (
                  <Link
                    key={id}
                    to={`/models/${model.id}/versions/${id}`}
                    className="mr-3 text-accent underline"
                  >
                    {model.name} {number}
                  </Link>
                ),
            )}
          </>
        )}
      </p>
    </li>
  );
}
