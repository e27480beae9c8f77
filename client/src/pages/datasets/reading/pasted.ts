/** Rows typed or pasted: one a line, or text and label with a tab between them. */

import { headOf } from "./head";
import { guessed } from "./mapping";

export interface PastedRow {
  text: string;
  label: string | null;
}

/** The server takes so many bytes of rows in one request; larger ones are uploaded as a file. */
export const MOST_BYTES = 2 ** 20;

export function pastedRows(text: string): PastedRow[] {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  if (lines.some((line) => line.includes("\t"))) return fromTable(lines.join("\n"));
  return lines.map((line) => ({ text: line.trim(), label: null }));
}

function fromTable(text: string): PastedRow[] {
  const head = headOf("pasted.tsv", text, true);
  if (head.kind !== "table") return [];
  const guess = guessed(head);
  const texts = guess.text;
  // of two columns the one that is not the text is the label, even where nothing repeats yet
  const label = guess.label ?? head.columns.find((column) => column !== texts) ?? null;
  return head.rows
    .map((row) => ({
      text: (texts && row[texts]) || "",
      label: (label && row[label]) || null,
    }))
    .filter((row) => row.text);
}
