import { describe, expect, it } from "vitest";
import { darkness, labelsIn, matrixOf, sideFor, stepped, untold } from "./matrix";

const CLASSES = [
  { label: "a", recall: 0.75, support: 4 },
  { label: "b", recall: 0.5, support: 4 },
  { label: "c", recall: 1, support: 2 },
];
const CONFUSIONS = [
  { actual: "b", predicted: "d", rows: 2, numbers: [7, 9] },
  { actual: "a", predicted: "b", rows: 1, numbers: [3] },
];
const LABELS = labelsIn(CLASSES, CONFUSIONS, "name");

describe("a confusion matrix", () => {
  it("has every label, also one that was only ever given", () => {
    expect(LABELS).toEqual(["a", "b", "c", "d"]);
    expect(labelsIn(CLASSES, CONFUSIONS, "errors")).toEqual(["b", "d", "a", "c"]);
  });

  it("has what was right on its diagonal and what was wrong beside it", () => {
    const { cells } = matrixOf(CLASSES, CONFUSIONS, LABELS);
    expect(cells.map(({ row, column, rows, share }) => [row, column, rows, share])).toEqual([
      [0, 0, 3, 0.75],
      [0, 1, 1, 0.25],
      [1, 1, 2, 0.5],
      [1, 3, 2, 0.5],
      [2, 2, 2, 1],
    ]);
  });

  it("leaves out labels that are not asked for", () => {
    const { cells } = matrixOf(CLASSES, CONFUSIONS, ["b", "d"]);
    expect(cells.map(({ actual, predicted }) => actual + predicted)).toEqual(["bb", "bd"]);
  });

  it("says of how many mistakes it knows nothing", () => {
    expect(untold(CLASSES, CONFUSIONS)).toBe(0);
    expect(untold(CLASSES, CONFUSIONS.slice(0, 1))).toBe(1);
  });

  it("lets few rows be seen, and more of them more", () => {
    const { cells } = matrixOf(CLASSES, CONFUSIONS, LABELS);
    const [right, wrong] = cells.map((cell) => darkness(cell, false));
    expect(wrong).toBeGreaterThan(0.4);
    expect(wrong).toBeLessThan(right ?? 0);
    expect(right).toBeLessThan(0.9);
    expect(Math.max(...cells.map((cell) => darkness(cell, true)))).toBeLessThan(0.47);
  });

  it("has smaller cells for more labels", () => {
    expect([2, 12, 13, 31, 77, 300].map(sideFor)).toEqual([40, 40, 26, 17, 12, 12]);
  });

  it("is walked by keys from cell to cell", () => {
    const { cells } = matrixOf(CLASSES, CONFUSIONS, LABELS);
    expect(stepped(cells, 0, "ArrowRight")).toBe(1);
    expect(stepped(cells, 0, "ArrowLeft")).toBe(0);
    expect(stepped(cells, 1, "ArrowDown")).toBe(2);
    expect(stepped(cells, 4, "ArrowUp")).toBe(2);
    expect(stepped(cells, 4, "ArrowDown")).toBe(4);
    expect([stepped(cells, 2, "Home"), stepped(cells, 2, "End")]).toEqual([0, 4]);
  });
});
