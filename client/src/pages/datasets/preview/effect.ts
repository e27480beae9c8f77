import { count, counted } from "../../../ui/words";

interface Effect {
  rowsBefore: number;
  rowsAfter: number;
  counts: {
    relabelled: number;
    reworded: number;
    dropped: number;
    unchanged: number;
    missing: number;
  };
}

const SAID = [
  ["relabelled", "get another label"],
  ["reworded", "get another text"],
  ["dropped", "go"],
  ["unchanged", "stay as they are"],
  ["missing", "are gone already"],
] as const;

/** "Of 60 rows 2 get another label and 1 go: 59 are left." */
export function effectInWords({ rowsBefore, rowsAfter, counts }: Effect): string {
  const parts = SAID.filter(([name]) => counts[name] > 0).map(
    ([name, words]) => `${count(counts[name])} ${words}`,
  );
  const changes = parts.length > 0 ? parts.join(", ") : "none changes";
  return `Of ${counted(rowsBefore, "row")} ${changes}: the new version has ${count(rowsAfter)}.`;
}
