import type { Verdict } from "../../../../gql/graphql";
import { Badge, type Tone } from "../../../../ui/Badge";

const SAID: Record<Verdict, [tone: Tone, words: string]> = {
  KEPT: ["good", "kept"],
  BROKEN: ["bad", "broken"],
  TOO_FEW: ["warn", "too few to tell"],
};

export function VerdictBadge({ verdict }: { verdict: Verdict | null }) {
  if (!verdict) return <Badge>nothing promised</Badge>;
  const [tone, words] = SAID[verdict];
  return <Badge tone={tone}>{words}</Badge>;
}
