import { expect, it } from "vitest";
import { bars, perSecond, recent, WINDOW_S } from "./rate";

const NOW = 1_000_000;
const counted = [
  { at: NOW - 61_000, answers: 99 },
  { at: NOW - 1_500, answers: 30 },
  { at: NOW - 500, answers: 20 },
  { at: NOW + 200, answers: 10 },
];

it("counts the last minute alone, a bar a second", () => {
  const seconds = bars(counted, NOW);
  expect(seconds).toHaveLength(WINDOW_S);
  expect(seconds.slice(-2)).toEqual([30, 30]);
  expect(perSecond(counted, NOW)).toBe(1);
  expect(recent(counted, NOW)).toHaveLength(3);
});
