import { describe, expect, it } from "vitest";
import { pieces } from "./pieces";

const shown = (text: string, ...parts: { start: number; end: number; weight?: number }[]) =>
  pieces(text, parts, ({ weight = 0 }) => weight).map(({ text, part }) => [
    text,
    part !== undefined,
  ]);

describe("a text in pieces", () => {
  it("is cut where marks begin and end, in their order", () => {
    expect(shown("my card was lost", { start: 12, end: 16 }, { start: 3, end: 7 })).toEqual([
      ["my ", false],
      ["card", true],
      [" was ", false],
      ["lost", true],
    ]);
  });

  it("counts code points, so that what follows an emoji is marked whole", () => {
    expect(shown("💳💳 card 👍🏽", { start: 3, end: 7 })).toEqual([
      ["💳💳 ", false],
      ["card", true],
      [" 👍🏽", false],
    ]);
  });

  it("is one piece without marks, and none without letters", () => {
    expect(shown("plain")).toEqual([["plain", false]]);
    expect(shown("", { start: 0, end: 3 })).toEqual([]);
  });

  it("shows the heavier of two marks that lie over each other", () => {
    const windows = [
      { start: 0, end: 4, weight: 1 },
      { start: 2, end: 6, weight: 2 },
    ];
    const found = pieces("ACGTACGT", windows, ({ weight }) => weight);
    expect(found.map(({ text, part }) => [text, part?.weight])).toEqual([
      ["AC", 1],
      ["GTAC", 2],
      ["GT", undefined],
    ]);
  });

  it("keeps all of the text when a mark reaches beyond it", () => {
    const found = pieces("short", [{ start: 2, end: 99 }]);
    expect(found.map(({ text }) => text).join("")).toBe("short");
  });
});
