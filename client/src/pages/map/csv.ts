/** Rows of a selection as a file for spreadsheets. */

import { unparse } from "papaparse";

export interface SelectedRow {
  row: number;
  text: string;
  label: string;
  cluster: string;
  x: number;
  y: number;
  heldOut: boolean;
  correct: boolean | undefined;
  confidence: number | undefined;
}

/** A text that a spreadsheet would run as a formula gets an apostrophe before it. */
export function csvOf(rows: readonly SelectedRow[]): string {
  const plain = rows.map(({ heldOut, ...rest }) => ({ ...rest, held_out: heldOut }));
  return unparse(plain, { escapeFormulae: true, newline: "\r\n" });
}
