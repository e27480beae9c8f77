import { Badge } from "../../ui/Badge";

/** Which version answers under the model's name. */
export function PublishedBadge({ number }: { number: number | undefined }) {
  if (number === undefined) return <Badge>not published</Badge>;
  return <Badge tone="good">version {number} answers</Badge>;
}
