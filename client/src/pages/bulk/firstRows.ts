/** How a file of answers begins, read from its first bytes. */

import Papa from "papaparse";
import type { ResultFormat } from "../../gql/graphql";

export interface Head {
  columns: string[];
  rows: string[][];
}

const HEAD_BYTES = 64 * 1_024;
const MOST_ROWS = 10;

/** The first bytes of a file as text; the rest is not fetched. */
export async function headOfFile(url: string): Promise<string> {
  const stop = new AbortController();
  const response = await fetch(url, { signal: stop.signal });
  if (!response.ok || !response.body)
    throw new Error(`The file was not given (${response.status}).`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (text.length < HEAD_BYTES) {
    const { value, done } = await reader.read();
    if (done) return text;
    text += value;
  }
  stop.abort();
  // the last line may be cut
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

export function tableOf(text: string, format: ResultFormat): Head {
  return format === "CSV" ? fromCsv(text) : fromLines(text);
}

function fromCsv(text: string): Head {
  const { data } = Papa.parse<string[]>(text, { preview: MOST_ROWS + 1, skipEmptyLines: true });
  const [columns = [], ...rows] = data;
  return { columns, rows };
}

function fromLines(text: string): Head {
  const lines = text.split("\n").filter((line) => line.trim());
  const objects = lines
    .slice(0, MOST_ROWS)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const columns = [...new Set(objects.flatMap((each) => Object.keys(each)))];
  return { columns, rows: objects.map((each) => columns.map((name) => shown(each[name]))) };
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
