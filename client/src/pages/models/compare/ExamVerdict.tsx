import type { TrialVerdict } from "../../../gql/graphql";
import { Badge, type Tone } from "../../../ui/Badge";

const SAID: Record<TrialVerdict, [tone: Tone, words: string]> = {
  BETTER: ["good", "better"],
  WORSE: ["bad", "worse"],
  UNSURE: ["warn", "cannot be told from chance"],
  UNCHANGED: ["neutral", "the same answers"],
};

export function ExamVerdict({ verdict }: { verdict: TrialVerdict }) {
  const [tone, words] = SAID[verdict];
  return <Badge tone={tone}>{words}</Badge>;
}
