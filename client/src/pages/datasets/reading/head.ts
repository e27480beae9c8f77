/**
 * The beginning of a file, read in the browser: enough to see which columns it has before all of
 * it is sent. What the server reads alone (Parquet, sequences) is only named.
 */

import Papa from "papaparse";
import type { DataFormat } from "../../../gql/graphql";
import { hasHeader, uniqueNames } from "./header";

export const HEAD_BYTES = 256 * 2 ** 10;
export const MOST_ROWS = 200;

export type Row = Readonly<Record<string, string>>;

export interface TableHead {
  kind: "table";
  format: DataFormat;
  columns: readonly string[];
  rows: readonly Row[];
  /** Null where the file has none, as JSON lines. */
  delimiter: string | null;
}

/** A file of which the browser shows nothing. */
export interface ServerHead {
  kind: "server";
  format: DataFormat | null;
  /** What the server will do with it. */
  says: string;
}

export type Head = TableHead | ServerHead;

const SAYS = {
  ARRAY:
    "A JSON array. The server reads its elements and proposes which columns are text and label.",
  PARQUET: "The server reads its columns and proposes which of them are text and label.",
  FASTA:
    "One row a sequence. The server tells DNA, RNA and protein apart, and takes labels from the headers or from a rank such as genus.",
  FASTQ: "One row a read. The server reads the qualities as well; low ones can be left out.",
} as const;

/** `delimiter` null recognises it. Raises what is wrong with the file. */
export async function readHead(file: File, delimiter: string | null = null): Promise<Head> {
  if (file.size === 0) throw new Error("The file is empty.");
  const { bytes, isWhole } = await beginning(file);
  if (startsWith(bytes, "PAR1")) return { kind: "server", format: "PARQUET", says: SAYS.PARQUET };
  const text = decoded(bytes);
  if (text === null) {
    const says = "Its encoding is not UTF-8; the server recognises it and proposes the columns.";
    return { kind: "server", format: null, says };
  }
  return headOf(plainName(file.name), text, isWhole, delimiter);
}

/** `isWhole` says whether the text is all of the file: else its last line may be cut. */
export function headOf(
  filename: string,
  text: string,
  isWhole: boolean,
  delimiter: string | null = null,
): Head {
  if (/^\s*[>;]/.test(text) && !/\.(csv|tsv|txt|jsonl?)$/.test(filename)) return sequences("FASTA");
  if (/^@\S.*\n[A-Za-z.*-]+\n\+/.test(text)) return sequences("FASTQ");
  const lines = isWhole ? text : text.slice(0, text.lastIndexOf("\n") + 1);
  if (/^\s*\[\s*[[{]/.test(text)) return { kind: "server", format: null, says: SAYS.ARRAY };
  if (/^\s*\{/.test(lines)) return jsonLines(lines);
  if (/\.te?xt$/.test(filename) && !lines.split("\n", 1)[0]?.includes("\t"))
    return plainText(lines);
  return table(lines, delimiter);
}

function sequences(format: "FASTA" | "FASTQ"): ServerHead {
  return { kind: "server", format, says: SAYS[format] };
}

function table(text: string, delimiter: string | null): TableHead {
  const { data, meta } = Papa.parse<string[]>(text, {
    preview: MOST_ROWS + 1,
    skipEmptyLines: "greedy",
    delimiter: delimiter ?? "",
    delimitersToGuess: [",", ";", "\t", "|"],
  });
  const [first = [], ...rest] = data;
  const isNamed = hasHeader(first, rest);
  const columns = uniqueNames(isNamed ? first : first.map(() => ""));
  const rows = (isNamed ? rest : data).map((cells) => rowOf(columns, cells));
  return { kind: "table", format: "CSV", columns, rows, delimiter: meta.delimiter };
}

function jsonLines(text: string): TableHead {
  const rows = text
    .split("\n")
    .filter((line) => line.trim())
    .slice(0, MOST_ROWS)
    .flatMap(parsed);
  const columns = [...new Set(rows.flatMap(Object.keys))];
  return { kind: "table", format: "JSONL", columns, rows, delimiter: null };
}

function parsed(line: string): Row[] {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== "object" || value === null) return [];
    return [Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each)]))];
  } catch {
    return []; // the server reports the line with its number
  }
}

function shown(value: unknown): string {
  if (value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function plainText(text: string): TableHead {
  const lines = text.split(/\r?\n/).filter((line) => line.trim());
  const rows = lines.slice(0, MOST_ROWS).map((line) => ({ text: line }));
  return { kind: "table", format: "TEXT", columns: ["text"], rows, delimiter: null };
}

function rowOf(columns: readonly string[], cells: readonly string[]): Row {
  return Object.fromEntries(columns.map((name, place) => [name, cells[place] ?? ""]));
}

async function beginning(file: File): Promise<{ bytes: Uint8Array; isWhole: boolean }> {
  const head = file.slice(0, HEAD_BYTES);
  const bytes = new Uint8Array(await head.arrayBuffer());
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { bytes, isWhole: file.size <= HEAD_BYTES };
  return unzipped(head, file.size <= HEAD_BYTES);
}

/** What the first bytes of a gzip file hold; that it breaks off where they end is no fault. */
async function unzipped(head: Blob, isWhole: boolean) {
  const pieces: BlobPart[] = [];
  let size = 0;
  const reader = head.stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      pieces.push(new Uint8Array(piece.value));
      size += piece.value.length;
      if (size >= HEAD_BYTES) break;
    }
  } catch (error) {
    if (isWhole || size === 0) throw new Error(`The file is not good gzip: ${String(error)}`);
  }
  await reader.cancel().catch(() => {});
  const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer());
  return { bytes, isWhole: isWhole && size < HEAD_BYTES };
}

function decoded(bytes: Uint8Array): string | null {
  try {
    // streaming, so that a sign cut by the end of the head is no fault
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

function startsWith(bytes: Uint8Array, word: string): boolean {
  return [...word].every((sign, place) => bytes[place] === sign.charCodeAt(0));
}

function plainName(name: string): string {
  return name.toLowerCase().replace(/\.gz$/, "");
}
