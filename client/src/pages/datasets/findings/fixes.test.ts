import { expect, it } from "vitest";
import { editsInWords, fixesOf, MOST_TRIED, type RowFix } from "./fixes";

const relabel = (row: number, label = "a"): RowFix => ({ row, label, drop: false });
const drop = (row: number): RowFix => ({ row, label: null, drop: true });

it("tries one fix a row, that of the worse finding, and ten at most", () => {
  const findings = [{ edits: [relabel(1), drop(2)] }, { edits: [drop(1), relabel(3)] }];
  expect(fixesOf(findings)).toEqual([relabel(1), drop(2), relabel(3)]);
  expect(fixesOf([])).toEqual([]);
  const many = [{ edits: Array.from({ length: 30 }, (_, row) => drop(row)) }];
  expect(fixesOf(many)).toHaveLength(MOST_TRIED);
});

it("says what edits do, the first of many", () => {
  expect(editsInWords([relabel(4, "card"), drop(7)])).toBe("row 4 gets the label card, row 7 goes");
  expect(editsInWords([1, 2, 3, 4].map(drop))).toBe(
    "row 1 goes, row 2 goes, row 3 goes and 1 row more",
  );
});
