import type { Decision } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { MEANING } from "./decisions";

export function DecisionBadge({ decision }: { decision: Decision }) {
  const { tone, name } = MEANING[decision];
  return <Badge tone={tone}>{name}</Badge>;
}
