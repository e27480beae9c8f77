import { parse } from "papaparse";
import { describe, expect, it } from "vitest";
import { csvOf } from "./csv";

const row = { row: 3, label: "", cluster: "a, b", x: 1.5, y: -2, heldOut: true };

describe("a selection as a file", () => {
  it("holds texts whole, and none that a spreadsheet would run", () => {
    const texts = ['=HYPERLINK("http://x")', "+1", "-1+2", "@SUM(A1)", 'said "hi",\nand left', "é"];
    const file = csvOf(
      texts.map((text) => ({ ...row, text, correct: undefined, confidence: undefined })),
    );
    const read = parse<Record<string, string>>(file, { header: true }).data;
    expect(read.map(({ text }) => text)).toEqual([
      ...texts.slice(0, 4).map((text) => `'${text}`),
      ...texts.slice(4),
    ]);
    expect(read[0]?.["cluster"]).toBe("a, b");
    expect(read[0]?.["held_out"]).toBe("true");
    expect(read[0]?.["y"]).toBe("-2");
  });
});
