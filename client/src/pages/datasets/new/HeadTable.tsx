import { clsx } from "clsx";
import { Badge } from "../../../ui/Badge";
import { Table, Td, Th } from "../../../ui/Table";
import type { TableHead } from "../reading/head";
import type { Mapping } from "../reading/mapping";

const SHOWN_ROWS = 8;

/** The first rows as they will be read; the chosen columns stand out. */
export function HeadTable({ head, mapping }: { head: TableHead; mapping: Mapping }) {
  const { columns, rows } = head;
  const use = (column: string) =>
    (["text", "label", "split"] as const).find((part) => mapping[part] === column);
  return (
    <Table label="First rows of the file">
      <thead>
        <tr>
          {columns.map((column) => (
            <Th key={column}>
              {column} {use(column) && <Badge tone="accent">{use(column)}</Badge>}
            </Th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, SHOWN_ROWS).map((row, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name
          <tr key={place}>
            {columns.map((column) => (
              <Td key={column} className={clsx(!use(column) && "text-soft")}>
                <p className="line-clamp-2 max-w-2xl break-words">{row[column]}</p>
              </Td>
            ))}
          </tr>
        ))}
      </tbody>
    </Table>
  );
}
