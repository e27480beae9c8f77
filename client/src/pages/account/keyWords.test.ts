import { expect, it } from "vitest";
import { amountOf, budgetInWords, endOfDay, stateOf } from "./keyWords";

const NOW = Date.parse("2026-05-01T12:00:00Z");
const good = { revokedAt: null, expiresAt: null, warning: null };

it("tells a key's state; that it was revoked counts most", () => {
  const past = "2026-05-01T11:59:59Z";
  expect(stateOf(good, NOW)).toBe("good");
  expect(stateOf({ ...good, expiresAt: "2026-05-09T00:00:00Z" }, NOW)).toBe("good");
  expect(stateOf({ ...good, warning: "rotate it" }, NOW)).toBe("ending");
  expect(stateOf({ ...good, expiresAt: past, warning: "rotate it" }, NOW)).toBe("ended");
  expect(stateOf({ ...good, expiresAt: past, revokedAt: past }, NOW)).toBe("revoked");
});

it("tells a budget of nothing from none", () => {
  expect(budgetInWords({ points: null, predictions: null })).toBe("no bound");
  expect(budgetInWords({ points: 1, predictions: 0 })).toBe("1 point and 0 texts");
});

it("reads what was typed, and nothing as nothing", () => {
  const form = new FormData();
  form.set("points", " 20 ");
  form.set("none", "");
  expect([amountOf(form, "points"), amountOf(form, "none"), amountOf(form, "absent")]).toEqual([
    20,
    null,
    null,
  ]);
  expect(endOfDay("")).toBeNull();
  expect(endOfDay("2026-05-01")).toBe(new Date(2026, 4, 1, 23, 59, 59).toISOString());
});
