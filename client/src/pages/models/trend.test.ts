import { describe, expect, it } from "vitest";
import { byNumber, change, numberTicks, series } from "./trend";

const version = (number: number, accuracy: number) => ({
  number,
  report: { accuracy, macroF1: 0, ece: 0 },
});

describe("a model's trend", () => {
  it("goes from the oldest to the newest", () => {
    const versions = byNumber([version(3, 0.9), version(1, 0.7), version(2, 0.8)]);
    expect(series(versions, "accuracy")).toEqual([
      [1, 0.7],
      [2, 0.8],
      [3, 0.9],
    ]);
  });

  it("says what became of a figure", () => {
    expect(change(0.9, undefined)).toBeUndefined();
    expect([change(0.912, 0.9), change(0.89, 0.9), change(0.9001, 0.9)]).toEqual([
      "+1.2",
      "−1.0",
      "±0.0",
    ]);
  });

  it("names no more versions than there is room for", () => {
    const many = Array.from({ length: 25 }, (_, n) => version(n + 1, 0.5));
    expect(numberTicks(many)).toEqual([1, 4, 7, 10, 13, 16, 19, 22, 25]);
    expect(numberTicks(many.slice(0, 3))).toEqual([1, 2, 3]);
  });
});
