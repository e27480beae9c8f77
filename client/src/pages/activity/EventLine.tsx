import { Link } from "react-router";
import { graphql } from "../../gql";
import type { EventLine_EventFragment } from "../../gql/graphql";
import { Badge, type Tone } from "../../ui/Badge";
import { Moment } from "../../ui/Moment";
import { plainName } from "../../ui/words";

graphql(`
  fragment EventLine_event on ActivityEvent {
    cursor
    at
    kind
    message
    stage
    job { id kind }
    dataset { id name }
    model { id name }
    user { id name }
  }
`);

const TONES: Partial<Record<EventLine_EventFragment["kind"], Tone>> = {
  JOB_FAILED: "bad",
  JOB_SUCCEEDED: "good",
  JOB_STARTED: "accent",
  VERSION_REJECTED: "bad",
  VERSION_READY: "good",
  MODEL_PUBLISHED: "good",
  LATE_WRITE_REFUSED: "warn",
};

/** One event: when, what, and of which thing. */
export function EventLine({ event }: { event: EventLine_EventFragment }) {
  const { job, dataset, model, user } = event;
  return (
    <li className="flex flex-wrap items-baseline gap-x-3 border-t border-line px-1 py-2">
      <span className="w-24 shrink-0 text-soft">
        <Moment at={event.at} />
      </span>
      <Badge tone={TONES[event.kind] ?? "neutral"}>{plainName(event.kind)}</Badge>
      <span className="min-w-0 break-words">
        {event.stage && <span className="text-soft">{event.stage} </span>}
        {event.message}
      </span>
      <span className="flex flex-wrap gap-2">
        {job && <To path={`/jobs/${job.id}`} name={`${plainName(job.kind)} job`} />}
        {dataset && <To path={`/datasets/${dataset.id}`} name={dataset.name} />}
        {model && <To path={`/models/${model.id}`} name={model.name} />}
        {user && <span className="text-soft">{user.name}</span>}
      </span>
    </li>
  );
}

function To({ path, name }: { path: string; name: string }) {
  return (
    <Link to={path} className="text-accent hover:underline">
      {name}
    </Link>
  );
}
