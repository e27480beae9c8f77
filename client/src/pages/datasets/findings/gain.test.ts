import { expect, it } from "vitest";
import { places } from "./gain";

it("draws no gain in the middle and the whole interval within the width", () => {
  const at = places({ value: 0.01, low: -0.02, high: 0.04 });
  expect(at.zero).toBe(50);
  expect(at.low).toBeLessThan(50);
  expect(at.low).toBeGreaterThan(0);
  expect(at.value).toBeGreaterThan(50);
  expect(at.high).toBeLessThan(100);
});

it("draws nothing at all as a point in the middle", () => {
  expect(places({ value: 0, low: 0, high: 0 })).toEqual({ value: 50, low: 50, high: 50, zero: 50 });
});
