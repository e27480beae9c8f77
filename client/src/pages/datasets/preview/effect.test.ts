import { expect, it } from "vitest";
import { effectInWords } from "./effect";

const none = { relabelled: 0, reworded: 0, dropped: 0, unchanged: 0, missing: 0 };

it("tells only what happens", () => {
  const counts = { ...none, relabelled: 2, dropped: 1 };
  expect(effectInWords({ rowsBefore: 1_060, rowsAfter: 1_059, counts })).toBe(
    "Of 1,060 rows 2 get another label, 1 go: the new version has 1,059.",
  );
  expect(effectInWords({ rowsBefore: 1, rowsAfter: 1, counts: none })).toBe(
    "Of 1 row none changes: the new version has 1.",
  );
});
