import { describe, expect, it } from "vitest";
import { currentStep, type Progress, stepsOf } from "./steps";

const NOTHING: Progress = {
  dataset: undefined,
  isTraining: false,
  hasModel: false,
  isPublished: false,
  wasAsked: false,
};
const at = (progress: Partial<Progress>, asked: string | null = null) =>
  currentStep(stepsOf({ ...NOTHING, ...progress }), asked)?.name;

describe("the first steps", () => {
  it("lead on as things come to be", () => {
    expect(at({})).toBe("Bring in data");
    expect(at({ dataset: "UPLOADED" })).toBe("Bring in data");
    expect(at({ dataset: "REJECTED" })).toBe("Bring in data");
    expect(at({ dataset: "READY" })).toBe("Look at it");
    expect(at({ dataset: "READY", isTraining: true })).toBe("Train");
    expect(at({ dataset: "READY", hasModel: true })).toBe("Publish");
    expect(at({ dataset: "READY", hasModel: true, isPublished: true })).toBe("Ask it");
    const all = { dataset: "READY", hasModel: true, isPublished: true, wasAsked: true } as const;
    expect(at(all)).toBe("Ask it");
    expect(stepsOf({ ...NOTHING, ...all }).every(({ isDone }) => isDone)).toBe(true);
  });

  it("do not go back when the next data set is still being read", () => {
    expect(at({ dataset: "UPLOADED", hasModel: true })).toBe("Publish");
  });

  it("are where the address says, if there is such a step", () => {
    expect(at({}, "3")).toBe("Train");
    expect(at({}, "9")).toBe("Bring in data");
    expect(at({}, "")).toBe("Bring in data");
  });

  it("open when what they need is there", () => {
    expect(stepsOf(NOTHING).map(({ isOpen }) => isOpen)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    const steps = stepsOf({ ...NOTHING, dataset: "READY" });
    expect(steps.map(({ isOpen }) => isOpen)).toEqual([true, true, true, false, false]);
  });
});
