import type { VersionStatus } from "../../gql/graphql";
import { Badge, type Tone } from "../../ui/Badge";

const LOOKS: Record<VersionStatus, [tone: Tone, words: string]> = {
  UPLOADED: ["accent", "being read"],
  READY: ["good", "ready"],
  REJECTED: ["bad", "could not be read"],
};

export function VersionBadge({ status }: { status: VersionStatus }) {
  const [tone, words] = LOOKS[status];
  return <Badge tone={tone}>{words}</Badge>;
}
