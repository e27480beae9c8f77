import { describe, expect, it } from "vitest";
import { answer, interval, pValue, signed } from "./figures";

describe("a comparison's figures", () => {
  it("gives shares with the range that they may lie in", () => {
    expect(interval({ value: 0.912, low: 0.8984, high: 0.925 })).toBe("91.2% (89.8 to 92.5)");
  });

  it("gives differences a sign, and nought none", () => {
    const span = { value: 0.013, low: -0.0021, high: 0.0001 };
    expect(interval(span, true)).toBe("+1.3 (−0.2 to 0.0)");
    expect(signed(0)).toBe("0.0");
  });

  it("does not call a small chance none", () => {
    expect([0.04, 0.0004, 1].map(pValue)).toEqual(["0.040", "< 0.001", "1.000"]);
  });

  it("tells refusals from labels", () => {
    expect([answer("ABSTAIN"), answer("card_arrival")]).toEqual([
      "no answer (unsure)",
      "card_arrival",
    ]);
  });
});
