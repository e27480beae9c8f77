/** What is written in the box, as the texts that a model is asked about. */

import type { DataKind } from "../../gql/graphql";

/** The server takes so many texts in a stream, and so many characters in a text. */
export const MOST_TEXTS = 1_000;
export const MOST_CHARACTERS = 10_000;

export interface Asked {
  texts: string[];
  /** Left out because they are longer than the server takes. */
  tooLong: number;
  /** Left out because there are more than the server takes at a time. */
  tooMany: number;
}

/** Empty ones are left out, and so is what was there before: equal texts get equal answers. */
export function textsOf(written: string, kind: DataKind, isLineEach: boolean): Asked {
  const found = kind === "SEQUENCE" ? sequences(written) : isLineEach ? lines(written) : [written];
  const all = [...new Set(found.map((text) => text.trim()).filter(Boolean))];
  const short = all.filter((text) => Array.from(text).length <= MOST_CHARACTERS);
  return {
    texts: short.slice(0, MOST_TEXTS),
    tooLong: all.length - short.length,
    tooMany: Math.max(0, short.length - MOST_TEXTS),
  };
}

const lines = (written: string) => written.split(/\r?\n/);

/** FASTA and FASTQ records whole; else a sequence on each line. */
function sequences(written: string): string[] {
  const all = lines(written).filter((line) => line.trim());
  if (all[0]?.startsWith("@")) return chunks(all, 4).map((record) => record.join("\n"));
  if (!all.some((line) => line.startsWith(">"))) return all;
  const records: string[][] = [];
  for (const line of all) {
    if (line.startsWith(">") || records.length === 0) records.push([]);
    records.at(-1)?.push(line);
  }
  return records.map((record) => record.join("\n"));
}

function chunks(all: readonly string[], size: number): string[][] {
  const count = Math.ceil(all.length / size);
  return Array.from({ length: count }, (_, at) => all.slice(at * size, (at + 1) * size));
}
