import { expect, it } from "vitest";
import { stateOf } from "./webhookState";

const NOW = Date.parse("2026-05-01T12:00:00Z");
const good = {
  off: null,
  failingSince: null,
  isFollowed: true,
  createdAt: "2026-05-01T10:00:00Z",
};

it("tells what is worst", () => {
  const failing = { ...good, failingSince: "2026-05-01T11:00:00Z" };
  expect(stateOf(good, NOW)).toBe("sending");
  expect(stateOf(failing, NOW)).toBe("failing");
  expect(stateOf({ ...failing, off: {} }, NOW)).toBe("off");
});

it("gives a new one time to be followed", () => {
  const alone = { ...good, isFollowed: false };
  expect(stateOf(alone, NOW)).toBe("not followed");
  expect(stateOf({ ...alone, createdAt: "2026-05-01T11:59:30Z" }, NOW)).toBe("sending");
});
