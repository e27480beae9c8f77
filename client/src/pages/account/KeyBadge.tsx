import { Badge, type Tone } from "../../ui/Badge";
import { useNow } from "../../ui/useNow";
import { type KeyState, stateOf } from "./keyWords";

const SAID: Record<KeyState, [tone: Tone, words: string]> = {
  good: ["good", "good"],
  ending: ["warn", "ends soon"],
  ended: ["neutral", "ended"],
  revoked: ["neutral", "revoked"],
};

export function KeyBadge({ apiKey }: { apiKey: Parameters<typeof stateOf>[0] }) {
  const [tone, words] = SAID[stateOf(apiKey, useNow())];
  return <Badge tone={tone}>{words}</Badge>;
}
