/** A confusion matrix out of a report: its labels in an order, its cells that are not empty. */

interface ClassResult {
  label: string;
  recall: number;
  support: number;
}

interface Confused {
  actual: string;
  predicted: string;
  rows: number;
  numbers: readonly number[];
}

export interface Cell {
  actual: string;
  predicted: string;
  /** Places of the two labels: `actual` is a row, `predicted` a column. */
  row: number;
  column: number;
  rows: number;
  /** Of the test rows with the right label. */
  share: number;
  isRight: boolean;
}

export interface Matrix {
  labels: readonly string[];
  cells: readonly Cell[];
}

export type LabelOrder = "errors" | "name";

/** How often each label was missed, or given wrongly. */
function errorsBy(confusions: readonly Confused[]): Map<string, number> {
  const errors = new Map<string, number>();
  for (const { actual, predicted, rows } of confusions) {
    errors.set(actual, (errors.get(actual) ?? 0) + rows);
    errors.set(predicted, (errors.get(predicted) ?? 0) + rows);
  }
  return errors;
}

/** All labels, those most confused first, or by their names. A label without test rows may be given. */
export function labelsIn(
  classes: readonly ClassResult[],
  confusions: readonly Confused[],
  order: LabelOrder,
): string[] {
  const errors = errorsBy(confusions);
  const names = [...new Set([...classes.map(({ label }) => label), ...errors.keys()])];
  names.sort((one, other) => one.localeCompare(other, "en", { numeric: true }));
  if (order === "errors") {
    names.sort((one, other) => (errors.get(other) ?? 0) - (errors.get(one) ?? 0));
  }
  return names;
}

/** The matrix of some labels. What was right is told by the recall. */
export function matrixOf(
  classes: readonly ClassResult[],
  confusions: readonly Confused[],
  labels: readonly string[],
): Matrix {
  const places = new Map(labels.map((label, place) => [label, place]));
  const support = new Map(classes.map((each) => [each.label, each.support]));
  const right = classes.map(({ label, recall, support: rows }) => ({
    actual: label,
    predicted: label,
    rows: Math.round(recall * rows),
  }));
  const cells = [...right, ...confusions].flatMap(({ actual, predicted, rows }) => {
    const row = places.get(actual);
    const column = places.get(predicted);
    if (row === undefined || column === undefined || rows === 0) return [];
    const share = rows / Math.max(rows, support.get(actual) ?? 0);
    return [{ actual, predicted, row, column, rows, share, isRight: row === column }];
  });
  cells.sort((one, other) => one.row - other.row || one.column - other.column);
  return { labels, cells };
}

/** Wrong test rows of which the report does not say what they were taken for. */
export function untold(classes: readonly ClassResult[], confusions: readonly Confused[]): number {
  const wrong = classes.reduce(
    (sum, { recall, support }) => sum + support - Math.round(recall * support),
    0,
  );
  const told = confusions.reduce((sum, { rows }) => sum + rows, 0);
  return Math.max(0, wrong - told);
}

/** A cell with a number in it stays so light that the number can be read, in both themes. */
const DARKEST = { counted: 0.46, bare: 0.9 };
const LIGHTEST = 0.08;

/** How dark a cell is, 0 to 1: by the root, so that a few rows are seen beside many. */
export function darkness({ share }: Cell, isCounted: boolean): number {
  const most = isCounted ? DARKEST.counted : DARKEST.bare;
  return LIGHTEST + (most - LIGHTEST) * Math.sqrt(share);
}

const SIZES_PX = [
  [12, 40],
  [30, 26],
  [60, 17],
] as const;
const SMALLEST_PX = 12;

/** The side of a cell; cells of many labels are small. */
export function sideFor(labels: number): number {
  return SIZES_PX.find(([most]) => labels <= most)?.[1] ?? SMALLEST_PX;
}

const STEPS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"] as const;
type Step = (typeof STEPS)[number];

/** Whether a key walks over the cells. */
export function isStep(key: string): key is Step {
  return (STEPS as readonly string[]).includes(key);
}

/** The cell that a key leads to: along the row to the next, or to the nearest of another row. */
export function stepped(cells: readonly Cell[], at: number, key: Step): number {
  const here = cells[at];
  if (!here) return 0;
  if (key === "Home") return 0;
  if (key === "End") return cells.length - 1;
  if (key === "ArrowLeft") return Math.max(0, at - 1);
  if (key === "ArrowRight") return Math.min(cells.length - 1, at + 1);
  const isUp = key === "ArrowUp";
  const rows = cells
    .map(({ row }) => row)
    .filter((row) => (isUp ? row < here.row : row > here.row));
  if (rows.length === 0) return at;
  const row = isUp ? Math.max(...rows) : Math.min(...rows);
  const distance = (cell: Cell) => Math.abs(cell.column - here.column);
  return cells.reduce(
    (best, cell, place) =>
      cell.row === row && (best < 0 || distance(cell) < distance(cells[best] ?? cell))
        ? place
        : best,
    -1,
  );
}
