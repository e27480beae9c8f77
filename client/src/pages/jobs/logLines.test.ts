import { expect, it } from "vitest";
import { MOST_LINES, withLines } from "./logLines";

const lines = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, place) => ({ cursor: String(from + place) }));

it("keeps lines in order and drops what came twice", () => {
  const known = withLines(lines(0, 3), lines(3, 5));
  expect(known).toEqual(lines(0, 5));
  expect(withLines(known, lines(4, 6))).toEqual(lines(0, 6));
});

it("forgets the oldest of very many", () => {
  const kept = withLines(lines(0, MOST_LINES), lines(MOST_LINES, MOST_LINES + 10));
  expect(kept).toHaveLength(MOST_LINES);
  expect(kept[0]).toEqual({ cursor: "10" });
});
