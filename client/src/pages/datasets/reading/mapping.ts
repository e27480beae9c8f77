/** Which columns are text, label and split: a guess to begin with, and what is wrong with a choice. */

import { counted } from "../../../ui/words";
import type { Row, TableHead } from "./head";
import { isNumber, LABEL_NAMES, SPLIT_NAMES, TEXT_NAMES } from "./header";

export interface Mapping {
  text: string | null;
  label: string | null;
  split: string | null;
}

export interface Check {
  tone: "good" | "warn" | "bad";
  message: string;
}

const MANY_LABELS_SHARE = 0.5;
const LONG_LABEL = 100;

/** By usual names first; else the column with the longest words, and one whose values repeat. */
export function guessed({ columns, rows }: TableHead): Mapping {
  const split = named(columns, SPLIT_NAMES);
  const free = columns.filter((column) => column !== split);
  const text = named(free, TEXT_NAMES) ?? longest(free, rows);
  const rest = free.filter((column) => column !== text);
  return { text, label: named(rest, LABEL_NAMES) ?? repeating(rest, rows), split };
}

/** What the first rows say about a choice, the gravest first. */
export function checked({ columns, rows }: TableHead, mapping: Mapping): Check[] {
  const { text, label } = mapping;
  const chosen = Object.values(mapping).filter((column) => column !== null);
  if (!text) return [{ tone: "bad", message: "Choose the column that holds the text." }];
  const missing = chosen.find((column) => !columns.includes(column));
  if (missing) return [{ tone: "bad", message: `There is no column ${missing}.` }];
  if (new Set(chosen).size < chosen.length) {
    return [{ tone: "bad", message: "One column cannot be two things." }];
  }
  return [...aboutText(valuesOf(rows, text), text), ...aboutLabel(rows, label)];
}

function aboutText(values: readonly string[], column: string): Check[] {
  const empty = values.filter((value) => !value.trim()).length;
  const checks: Check[] = [];
  if (values.length > 0 && values.every((value) => !value.trim() || isNumber(value))) {
    checks.push({ tone: "warn", message: `${column} holds numbers, not words.` });
  }
  if (empty > 0) {
    const message = `${counted(empty, "row")} of the first ${values.length} have no text and will be left out.`;
    checks.push({ tone: "warn", message });
  }
  return checks;
}

function aboutLabel(rows: readonly Row[], column: string | null): Check[] {
  if (!column) {
    const message = "Without labels the rows can be searched and clustered, but not trained on.";
    return [{ tone: "warn", message }];
  }
  const values = valuesOf(rows, column).filter((value) => value.trim());
  const labels = new Set(values);
  const checks: Check[] = [];
  if (values.length >= 20 && labels.size > MANY_LABELS_SHARE * values.length) {
    const message = `${column} has ${labels.size} different values in ${values.length} rows. Is it an id?`;
    checks.push({ tone: "warn", message });
  }
  if (values.some((value) => value.length > LONG_LABEL)) {
    checks.push({ tone: "warn", message: `${column} holds long texts. Is it the text?` });
  }
  if (values.length < rows.length) {
    const message = `${counted(rows.length - values.length, "row")} of the first ${rows.length} have no label.`;
    checks.push({ tone: "warn", message });
  }
  const found = `${counted(labels.size, "label")} in the first ${counted(rows.length, "row")}.`;
  return [...checks, { tone: "good", message: found }];
}

function named(columns: readonly string[], names: readonly string[]): string | null {
  for (const name of names) {
    const found = columns.find((column) => column.toLowerCase() === name);
    if (found) return found;
  }
  return null;
}

function longest(columns: readonly string[], rows: readonly Row[]): string | null {
  const score = (column: string) => {
    const values = valuesOf(rows, column).filter((value) => value && !isNumber(value));
    const letters = values.reduce((sum, value) => sum + value.length, 0);
    return values.length ? (letters * new Set(values).size) / values.length : 0;
  };
  return columns.toSorted((one, other) => score(other) - score(one))[0] ?? null;
}

function repeating(columns: readonly string[], rows: readonly Row[]): string | null {
  const fits = columns.filter((column) => {
    const values = valuesOf(rows, column).filter(Boolean);
    const different = new Set(values).size;
    return different > 1 && different <= 0.5 * values.length;
  });
  return (
    fits.find((column) => valuesOf(rows, column).some((value) => !isNumber(value))) ??
    fits.at(-1) ??
    null
  );
}

function valuesOf(rows: readonly Row[], column: string): string[] {
  return rows.map((row) => row[column] ?? "");
}
