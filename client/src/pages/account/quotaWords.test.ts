import { expect, it } from "vitest";
import { amount, isShort, share } from "./quotaWords";

it("tells bytes as bytes and the rest as numbers", () => {
  expect(amount("STORAGE_BYTES", 1_213_000)).toBe("1.21 MB");
  expect(amount("JOBS_PER_DAY", 20_000)).toBe("20,000");
});

it("never fills a bar over its end, and has no room in a quota of nothing", () => {
  const quotas = [
    { used: 1, limit: 4 },
    { used: 9, limit: 4 },
    { used: 0, limit: 0 },
  ];
  expect(quotas.map(share)).toEqual([0.25, 1, 1]);
  expect(quotas.map(isShort)).toEqual([false, true, true]);
});
