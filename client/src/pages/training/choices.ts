/** What the form offers, in words. */

import type { ClustererKind, DataKind, EmbedderKind } from "../../gql/graphql";
import type { Choice } from "../../ui/Select";
import type { Settings } from "./settings";

const OF_TEXT: readonly Choice<EmbedderKind>[] = [
  { value: "SENTENCE_TRANSFORMER", label: "Sentence transformer – most accurate" },
  { value: "STATIC", label: "Word vectors – a hundred times faster" },
  { value: "TFIDF", label: "Word counts – needs no model" },
];

const OF_SEQUENCES: readonly Choice<EmbedderKind>[] = [
  { value: "KMER", label: "Counts of letters in a row (k-mers)" },
];

export function embeddersFor(kind: DataKind): readonly Choice<EmbedderKind>[] {
  return kind === "SEQUENCE" ? OF_SEQUENCES : OF_TEXT;
}

export const CLUSTERERS: readonly Choice<ClustererKind>[] = [
  { value: "LEIDEN", label: "Leiden – finds how many by itself" },
  { value: "KMEANS", label: "k-means – a given number" },
  { value: "HDBSCAN", label: "HDBSCAN – dense regions, the rest is noise" },
];

export const PRECISIONS: readonly Choice<Settings["precision"]>[] = [
  { value: "FAST", label: "Fast – 8-bit integers" },
  { value: "EXACT", label: "Exact – floating point" },
];

export const WORDS: readonly Choice<Settings["words"]>[] = [
  { value: "AUTO", label: "If it helps" },
  { value: "YES", label: "Always" },
  { value: "NO", label: "Never" },
];

export const STRANDS: readonly Choice<Settings["strands"]>[] = [
  { value: "BOTH", label: "Either strand" },
  { value: "ONE", label: "All from one strand" },
];

export const RARE: readonly Choice<Settings["rare"]>[] = [
  { value: "KEEP", label: "Keep them" },
  { value: "DROP", label: "Leave their rows out" },
  { value: "MERGE", label: "Make them one label" },
];

export const GIVEN: readonly Choice<Settings["useGiven"]>[] = [
  { value: "YES", label: "As the data says, if it does" },
  { value: "NO", label: "Always drawn by chance" },
];
