import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Leases } from "./leases";
import { inTurn, TURN_MS } from "./turns";

/** What tabs share, kept by one. */
function shelf(): Leases & { held: Map<string, { owner: string; until: number }> } {
  const held = new Map<string, { owner: string; until: number }>();
  return {
    held,
    async take(name, owner, until) {
      const lease = held.get(name);
      const isFree = !lease || lease.owner === owner || lease.until <= Date.now();
      if (isFree) held.set(name, { owner, until });
      return isFree;
    },
    async end(name, owner) {
      if (held.get(name)?.owner === owner) held.delete(name);
    },
  };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

it("lets one begin when the other has ended, however long it took", async () => {
  const kept = shelf();
  const told: string[] = [];
  const act = (name: string) => async () => {
    told.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 3 * TURN_MS));
    told.push(`${name} ends`);
    return name;
  };
  const both = Promise.all([inTurn("x", act("one"), kept), inTurn("x", act("two"), kept)]);
  await vi.runAllTimersAsync();
  expect(await both).toEqual(["one", "two"]);
  expect(told).toEqual(["one begins", "one ends", "two begins", "two ends"]);
  expect(kept.held.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});

it("gives the turn back when it fails", async () => {
  const kept = shelf();
  const failing = inTurn("x", () => Promise.reject(new Error("no")), kept);
  await expect(failing).rejects.toThrow("no");
  expect(kept.held.size).toBe(0);
});

it("waits for a tab that died no longer than its turn", async () => {
  const kept = shelf();
  await kept.take("x", "dead", Date.now() + TURN_MS);
  const act = vi.fn(async () => "done");
  const waiting = inTurn("x", act, kept);
  await vi.advanceTimersByTimeAsync(TURN_MS - 100);
  expect(act).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(200);
  expect(await waiting).toBe("done");
});
