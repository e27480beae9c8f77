import { lazy, Suspense } from "react";
import { graphql } from "../../gql";
import type { QueueMode, Queues_SystemFragment } from "../../gql/graphql";
import { Badge, type Tone } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Moment } from "../../ui/Moment";
import { Table, Td, Th } from "../../ui/Table";
import { count, plainName, titled } from "../../ui/words";

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
            <Th kind="number">Waiting</Th>
            <Th>Oldest</Th>
            <Th kind="number">Running</Th>
            <Th kind="action">What to do</Th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr key={queue.name}>
              <Td className="font-medium">{titled(plainName(queue.name))}</Td>
              <Td>
                <Badge tone={TONES[queue.mode]}>{plainName(queue.mode)}</Badge>
                {queue.mode !== "OPEN" && (
                  <p className="text-xs text-soft">
                    {queue.reason} {queue.by && `(${queue.by.name})`}
                  </p>
                )}
              </Td>
              <Td kind="number">
                {count(queue.depth)}
                {queue.running === null && most(queue.limit)}
              </Td>
              <Td>{queue.oldest && <Moment at={queue.oldest} />}</Td>
              <Td kind="number">
                {queue.running !== null && `${count(queue.running)}${most(queue.limit)}`}
              </Td>
              <Td kind="action">
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

/** The bound on the jobs that run; on what waits, where no jobs do. */
const most = (limit: number | null) => (limit === null ? "" : ` of ${count(limit)}`);
