import { Link } from "react-router";
import { Card } from "../../ui/Card";
import { Table, Td, Th } from "../../ui/Table";
import { count } from "../../ui/words";
import { MEASURES, type Measure, type Used } from "./usageDays";

interface KeySharesProps {
  keys: readonly { id: string; name: string; usage: readonly Used[] }[];
}

const ORDER = Object.keys(MEASURES) as Measure[];

/** Which key used how much. */
export function KeyShares({ keys }: KeySharesProps) {
  return (
    <Card title="By key, last 30 days">
      <Table label="Use by key">
        <thead>
          <tr>
            <Th>Key</Th>
            {ORDER.map((measure) => (
              <Th key={measure} kind="number">
                {MEASURES[measure].label}
              </Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {keys.map(({ id, name, usage }) => (
            <tr key={id}>
              <Td>
                <Link to={`/keys/${id}`} className="text-accent hover:underline">
                  {name}
                </Link>
              </Td>
              {ORDER.map((measure) => (
                <Td key={measure} kind="number">
                  {count(usage.reduce((sum, day) => sum + day[measure], 0))}
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}
