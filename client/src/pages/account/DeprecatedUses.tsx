import { graphql } from "../../gql";
import type { DeprecatedUses_ViewerFragment } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Table, Td, Th } from "../../ui/Table";
import { count } from "../../ui/words";

graphql(`
  fragment DeprecatedUses_viewer on Viewer {
    deprecatedFieldsIUse(lastDays: 30) {
      coordinate
      reason
      removedOn
      days { day count }
    }
  }
`);

/** What the viewer's documents name that is to go, or is gone: what to change, and by when. */
export function DeprecatedUses({ viewer }: { viewer: DeprecatedUses_ViewerFragment }) {
  const uses = viewer.deprecatedFieldsIUse;
  return (
    <Card title="Deprecated fields that you use">
      {uses.length === 0 ? (
        <p className="text-soft">None in the last 30 days: nothing to change.</p>
      ) : (
        <Table label="Deprecated fields">
          <thead>
            <tr>
              <Th>Field</Th>
              <Th>What to do</Th>
              <Th>Goes on</Th>
              <Th kind="number">Operations</Th>
              <Th>Last asked for</Th>
            </tr>
          </thead>
          <tbody>
            {uses.map(({ coordinate, reason, removedOn, days }) => (
              <tr key={coordinate}>
                <Td>
                  <code>{coordinate}</code>
                </Td>
                <Td>{reason ?? <Badge tone="bad">gone</Badge>}</Td>
                <Td className="whitespace-nowrap">{removedOn}</Td>
                <Td kind="number">{count(days.reduce((sum, day) => sum + day.count, 0))}</Td>
                <Td className="whitespace-nowrap">{days[0]?.day}</Td>
              </tr>
            ))}
          </tbody>
        </Table>
      )}
    </Card>
  );
}
