import { describe, expect, it } from "vitest";
import { axisFor, placeOn } from "./scale";

describe("a chart's axis", () => {
  it("goes from one round figure to another", () => {
    const { low, high, ticks } = axisFor([0.83, 0.91]);
    expect([low, high].map((end) => end.toFixed(6))).toEqual(["0.820000", "0.920000"]);
    expect(ticks).toEqual([0.82, 0.84, 0.86, 0.88, 0.9, 0.92]);
  });

  it("stays within its bounds", () => {
    const { low, high } = axisFor([0.02, 0.999], { least: 0, most: 1 });
    expect([low, high]).toEqual([0, 1]);
  });

  it("has room around one value", () => {
    const axis = axisFor([0.9], { span: 0.1, most: 1 });
    expect(axis.low).toBeLessThan(0.9);
    expect(axis.high).toBeGreaterThan(0.9);
    expect(axis.ticks.length).toBeGreaterThan(1);
  });

  it("is there without a value", () => {
    expect(axisFor([])).toEqual({ low: 0, high: 1, ticks: [0, 1] });
  });

  it("places values from 0 to 100", () => {
    const axis = axisFor([0, 1]);
    expect([0, 0.25, 1].map((value) => placeOn(axis, value))).toEqual([0, 25, 100]);
  });
});
