import { graphql } from "../../gql";
import type { Services_SystemFragment } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { duration } from "../../ui/words";

graphql(`
  fragment Services_system on System {
    services { name ok latencyMs detail }
  }
`);

/** What the platform stands on, and how fast it answers. */
export function Services({ system }: { system: Services_SystemFragment }) {
  return (
    <Card title="Services">
      <ul className="flex flex-col gap-2">
        {system.services.map(({ name, ok, latencyMs, detail }) => (
          <li key={name} className="flex flex-wrap items-center gap-3">
            <Badge tone={ok ? "good" : "bad"}>{ok ? "up" : "down"}</Badge>
            <span className="font-medium">{name}</span>
            <span className="text-soft">{ok ? duration(latencyMs / 1_000) : detail}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
