import { describe, expect, it } from "vitest";
import { fateOf } from "./fate";

const name = (correction: Parameters<typeof fateOf>[0]) => fateOf(correction).name;
const round = (training: NonNullable<Parameters<typeof fateOf>[0]["learningRound"]>["training"]) =>
  ({ review: "ACCEPTED", learningRound: { training } }) as const;

describe("what became of a correction", () => {
  it("is told step by step", () => {
    expect(name({ review: null, learningRound: null })).toBe("waits");
    expect(name({ review: "REJECTED", learningRound: null })).toBe("rejected");
    expect(name({ review: "ACCEPTED", learningRound: null })).toBe("accepted");
    expect(name(round(null))).toBe("being learnt");
    expect(name(round({ status: "RUNNING", modelVersion: null }))).toBe("being learnt");
    expect(name(round({ status: "FAILED", modelVersion: null }))).toBe("in the data");
  });

  it("names the version that learnt it", () => {
    const learnt = fateOf(round({ status: "SUCCEEDED", modelVersion: { number: 4 } }));
    expect([learnt.name, learnt.says]).toEqual(["learnt", "Version 4 knows it."]);
  });
});
