import { counted } from "../../../ui/words";

/** What a finding proposes for a row. */
export interface RowFix {
  row: number;
  label: string | null;
  drop: boolean;
}

/** As many fixes as one trial is asked for from the page. */
export const MOST_TRIED = 10;

/** Up to ten fixes, one a row: where findings contradict each other, the worse one's counts. */
export function fixesOf(findings: readonly { edits: readonly RowFix[] }[]): RowFix[] {
  const byRow = new Map<number, RowFix>();
  for (const { row, label, drop } of findings.flatMap(({ edits }) => edits)) {
    if (!byRow.has(row)) byRow.set(row, { row, label, drop });
  }
  return [...byRow.values()].slice(0, MOST_TRIED);
}

const LISTED = 3;

/** "row 4 gets the label card, row 7 goes". */
export function editsInWords(edits: readonly RowFix[]): string {
  const said = edits
    .slice(0, LISTED)
    .map(({ row, label, drop }) =>
      drop ? `row ${row} goes` : `row ${row} gets the label ${label}`,
    );
  const rest = edits.length - LISTED;
  return rest > 0 ? `${said.join(", ")} and ${counted(rest, "row")} more` : said.join(", ");
}
