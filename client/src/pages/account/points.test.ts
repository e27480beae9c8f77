import { expect, it } from "vitest";
import { pointsNow } from "./points";

it("fills up at its pace, and no further than it can hold", () => {
  const points = { capacity: 100, available: 10, refillPerSecond: 20 };
  const after = [0, 499, 1_000, 4_500, 60_000, -5_000].map((ms) => pointsNow(points, ms));
  expect(after).toEqual([10, 19, 30, 100, 100, 10]);
});
