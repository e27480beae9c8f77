import { expect, it } from "vitest";
import { added, filled, measureOf } from "./usageDays";

const day = (day: string, requests: number) => ({
  day,
  requests,
  points: 10 * requests,
  predictions: 0,
  errors: 1,
});

it("adds the days of several keys", () => {
  const all = added([[day("2026-05-02", 2), day("2026-05-01", 1)], [day("2026-05-01", 4)], []]);
  expect(all).toEqual([
    day("2026-05-02", 2),
    { day: "2026-05-01", requests: 5, points: 50, predictions: 0, errors: 2 },
  ]);
});

it("has thirty days, in UTC, those without use as well", () => {
  const days = filled([day("2026-05-01", 3)], new Date("2026-05-02T00:30:00+02:00"));
  expect(days).toHaveLength(30);
  expect(days[0]?.day).toBe("2026-04-02");
  expect(days[29]).toEqual(day("2026-05-01", 3));
  expect(days.reduce((sum, { requests }) => sum + requests, 0)).toBe(3);
});

it("counts requests when the address names nothing that is counted", () => {
  expect([null, "points", "toString"].map(measureOf)).toEqual(["requests", "points", "requests"]);
});
