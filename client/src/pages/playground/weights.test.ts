import { describe, expect, it } from "vitest";
import { signed, timesLikelier } from "./weights";

describe("weights in words", () => {
  it("are told as times", () => {
    const weights = [Math.log(2), -Math.log(2), 0, 0.01, Math.log(37.4), 50];
    expect(weights.map(timesLikelier)).toEqual([
      "2 times likelier",
      "2 times less likely",
      "as likely",
      "as likely",
      "37 times likelier",
      "over a million times likelier",
    ]);
  });

  it("keep their sign", () => {
    expect([1.26, -0.34, 0].map(signed)).toEqual(["+1.3", "−0.3", "0.0"]);
  });
});
