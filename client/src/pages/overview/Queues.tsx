import { lazy, Suspense } from "react";
import { graphql } from "../../gql";
import type { QueueMode, Queues_SystemFragment } from "../../gql/graphql";
import { Badge, type Tone } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Moment } from "../../ui/Moment";
import { Table, Td, Th } from "../../ui/Table";
import { count, plainName } from "../../ui/words";

// The first page that admins see need not wait for menus.
const QueueActions = lazy(async () => {
  const { QueueActions } = await import("./QueueActions");
  return { default: QueueActions };
});

graphql(`
  fragment Queues_system on System {
    queues {
      name
      mode
      depth
      oldest
      running
      limit
      reason
      by { id name }
    }
  }
`);

const TONES: Record<QueueMode, Tone> = { OPEN: "good", PAUSED: "warn", DRAINING: "warn" };

/** What waits, how long already, and why a queue stands still. */
export function Queues({ system: { queues } }: { system: Queues_SystemFragment }) {
  return (
    <Card title="Queues">
      <Table label="Queues">
        <thead>
          <tr>
            <Th>Queue</Th>
            <Th>State</Th>
            <Th>Waiting</Th>
            <Th>Oldest</Th>
            <Th>Running</Th>
            <Th>
              <span className="sr-only">What to do</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr key={queue.name}>
              <Td className="font-medium">{plainName(queue.name)}</Td>
              <Td>
                <Badge tone={TONES[queue.mode]}>{plainName(queue.mode)}</Badge>
                {queue.mode !== "OPEN" && (
                  <p className="text-xs text-soft">
                    {queue.reason} {queue.by && `(${queue.by.name})`}
                  </p>
                )}
              </Td>
              <Td>{count(queue.depth)}</Td>
              <Td>{queue.oldest && <Moment at={queue.oldest} />}</Td>
              <Td>
                {queue.running}
                {queue.limit !== null && ` of ${count(queue.limit)}`}
              </Td>
              <Td>
                <Suspense>
                  <QueueActions queue={queue} />
                </Suspense>
              </Td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
