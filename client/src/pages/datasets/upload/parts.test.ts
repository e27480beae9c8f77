import { describe, expect, it } from "vitest";
import {
  bytesSent,
  changed,
  nextOf,
  numbersSent,
  type Part,
  planned,
  stopped,
  waitBefore,
} from "./parts";

const parts: Part[] = [1, 2, 3].map((number) => ({
  number,
  url: `/part/${number}`,
  offset: (number - 1) * 10,
  size: number === 3 ? 4 : 10,
}));

describe("the plan of an upload", () => {
  it("leaves out what was sent before", () => {
    const plan = planned(parts, [1, 3]);
    expect(nextOf(plan)?.number).toBe(2);
    expect(bytesSent(plan)).toBe(14);
    expect(numbersSent(plan)).toEqual([1, 3]);
  });

  it("has nothing next once every part is sent or on its way", () => {
    const plan = changed(planned(parts, [1, 3]), 2, { state: "sending", bytes: 7 });
    expect(nextOf(plan)).toBeUndefined();
    expect(bytesSent(plan)).toBe(21);
  });

  it("begins unfinished parts again after a stop, and keeps the sent ones", () => {
    const plan = stopped(changed(planned(parts, [1]), 2, { state: "retrying", bytes: 7 }));
    expect(plan.map(({ state }) => state)).toEqual(["sent", "waiting", "waiting"]);
    expect(bytesSent(plan)).toBe(10);
  });

  it("waits twice as long after each failure, up to a bound", () => {
    const waits = [1, 2, 3, 20].map((attempt) => waitBefore(attempt, 1));
    expect(waits).toEqual([500, 1_000, 2_000, 15_000]);
    expect(waitBefore(1, 0)).toBe(250);
  });
});
