import { describe, expect, it } from "vitest";
import { fieldOf, problemsOf, specOf, startFor } from "./settings";

const start = startFor("TEXT");

describe("the training form", () => {
  it("needs no change to be sent", () => {
    expect(problemsOf(start)).toEqual({});
    const spec = specOf(start);
    expect(spec.promise).toEqual({
      maxRisk: 0.02,
      confidence: 0.95,
      coverage: 0.95,
      outShare: 0.01,
    });
    expect(spec.clusterer).toEqual({ kind: "LEIDEN", resolution: 4, k: null, minClusterSize: 15 });
    expect(spec.classifier).toEqual({ c: null, sparseView: null, abstainBelow: 0 });
    expect(spec.split).toEqual({ testShare: 0.2, useGiven: true });
    expect(spec.maxRows).toBeNull();
  });

  it("counts letters of sequences", () => {
    expect(startFor("SEQUENCE").embedder).toBe("KMER");
  });

  it("sends shares that a person would write", () => {
    expect(specOf({ ...start, maxRisk: "0.7" }).promise?.maxRisk).toBe(0.007);
    expect(specOf({ ...start, maxRisk: " " }).promise?.maxRisk).toBeNull();
  });

  it("says at each field what is wrong with it", () => {
    const found = problemsOf({ ...start, k: "2.5", seed: "", testShare: "95", maxRows: "many" });
    expect(found).toEqual({
      k: "Type a whole number.",
      seed: "Type a number.",
      testShare: "Between 1 and 90.",
      maxRows: "This is not a number.",
    });
  });

  it("finds the field that the API complains of", () => {
    expect(fieldOf(["input", "modelName"])).toBe("modelName");
    expect(fieldOf(["input", "spec", "clusterer", "k"])).toBe("clusters");
    expect(fieldOf(["spec", "maxRows"])).toBe("maxRows");
    expect(fieldOf(["input", "datasetVersionId"])).toBeUndefined();
  });
});
