import type { JobStatus } from "../../gql/graphql";
import { Badge, type Tone } from "../../ui/Badge";
import { plainName } from "../../ui/words";

const TONES: Record<JobStatus, Tone> = {
  QUEUED: "neutral",
  RUNNING: "accent",
  CANCELLING: "warn",
  SUCCEEDED: "good",
  FAILED: "bad",
  CANCELLED: "neutral",
};

export function JobBadge({ status }: { status: JobStatus }) {
  return <Badge tone={TONES[status]}>{plainName(status)}</Badge>;
}
