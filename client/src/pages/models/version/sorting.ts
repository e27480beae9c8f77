/** Tables that are sorted by a column; the order lives in the address. */

export interface Order<Column extends string> {
  by: Column;
  isDown: boolean;
}

/** "-f1" is by f1 from the highest. What is not a column gives the usual order. */
export function orderOf<Column extends string>(
  text: string | null,
  columns: readonly Column[],
  usual: Order<Column>,
): Order<Column> {
  const isDown = text?.startsWith("-") ?? false;
  const by = columns.find((column) => column === text?.replace(/^-/, ""));
  return by ? { by, isDown } : usual;
}

export function orderText({ by, isDown }: Order<string>): string {
  return isDown ? `-${by}` : by;
}

/** The next order when a column's head is pressed: names rise first, figures fall. */
export function pressed<Column extends string>(
  now: Order<Column>,
  column: Column,
  isName: boolean,
): Order<Column> {
  return now.by === column ? { by: column, isDown: !now.isDown } : { by: column, isDown: !isName };
}

type Sortable = Record<string, unknown>;

/** A sorted copy; equal ones stay in their order. */
export function sorted<Row extends Sortable>(
  rows: readonly Row[],
  { by, isDown }: Order<Extract<keyof Row, string>>,
): Row[] {
  const sign = isDown ? -1 : 1;
  return [...rows].sort((one, other) => sign * compared(one[by], other[by]));
}

function compared(one: unknown, other: unknown): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return String(one).localeCompare(String(other), "en", { numeric: true });
}
