import { describe, expect, it } from "vitest";
import { ago, bytes, counted, duration, percent, plainName, titled } from "./words";

describe("numbers in words", () => {
  it("counts one and many", () => {
    expect([0, 1, 12_345].map((n) => counted(n, "row"))).toEqual([
      "0 rows",
      "1 row",
      "12,345 rows",
    ]);
    expect(counted(2, "entry", "entries")).toBe("2 entries");
  });

  it("gives bytes three figures, and never 1000 of a unit", () => {
    const sizes = [0, 999, 1_000, 1_213_000, 999_600, 5e12];
    expect(sizes.map(bytes)).toEqual(["0 B", "999 B", "1.00 kB", "1.21 MB", "1.00 MB", "5.00 TB"]);
  });

  it("gives durations two units at most", () => {
    const spans = [0.85, 3.14, 59.6, 185, 7_800, 273_600, 7_200];
    expect(spans.map(duration)).toEqual([
      "850 ms",
      "3.1 s",
      "1 min",
      "3 min 5 s",
      "2 h 10 min",
      "3 d 4 h",
      "2 h",
    ]);
  });

  it("says how long ago", () => {
    const now = Date.parse("2026-03-10T12:00:00Z");
    const then = (seconds: number) => ago(now - seconds * 1_000, now);
    expect([0, 12, 200, 7_300].map(then)).toEqual(["just now", "12 s ago", "3 min ago", "2 h ago"]);
    expect(then(40 * 86_400)).toBe("Jan 29, 2026");
  });

  it("reads names and shares", () => {
    expect(plainName("OUT_OF_DISTRIBUTION")).toBe("out of distribution");
    expect(percent(0.9312)).toBe("93.1%");
    expect(["train job", ""].map(titled)).toEqual(["Train job", ""]);
  });
});
