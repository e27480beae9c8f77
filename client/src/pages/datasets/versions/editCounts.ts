import { count } from "../../../ui/words";

interface EditCounts {
  relabelled: number;
  reworded: number;
  dropped: number;
}

/** "2 relabelled, 1 dropped". */
export function editCountsInWords(counts: EditCounts): string {
  const { relabelled, reworded, dropped } = counts;
  return Object.entries({ relabelled, reworded, dropped })
    .filter(([, rows]) => rows > 0)
    .map(([name, rows]) => `${count(rows)} ${name}`)
    .join(", ");
}
