/** What is searched for, as the address says it. */

import type { SearchFilter, SearchMode } from "../../gql/graphql";

export const MODES: readonly { value: SearchMode; label: string }[] = [
  { value: "HYBRID", label: "By meaning and words" },
  { value: "SEMANTIC", label: "By meaning" },
  { value: "KEYWORD", label: "By words" },
];

export interface Asked {
  text: string | null;
  /** A row of the version that was searched; then rows like it are found. */
  row: number | null;
  mode: SearchMode;
  filter: SearchFilter;
}

export function askedOf(search: URLSearchParams): Asked {
  const row = search.get("row");
  const isRow = row !== null && /^\d+$/.test(row);
  const labels = search.getAll("label");
  const splits = search.getAll("split");
  return {
    text: isRow ? null : search.get("q")?.trim() || null,
    row: isRow ? Number(row) : null,
    mode: MODES.find(({ value }) => value === search.get("mode"))?.value ?? "HYBRID",
    filter: {
      ...(labels.length > 0 && { labels }),
      ...(splits.length > 0 && { splits }),
    },
  };
}
