import { expect, it } from "vitest";
import { invitationLink, invitationState } from "./invitationWords";

const NOW = Date.parse("2026-05-01T12:00:00Z");

it("makes a link of which no part can be taken for a path", () => {
  expect(invitationLink("https://shoal.test", "a/b?c")).toBe(
    "https://shoal.test/invitation/a%2Fb%3Fc",
  );
});

it("stays accepted after its end", () => {
  const past = "2026-05-01T11:00:00Z";
  const later = "2026-05-02T11:00:00Z";
  expect(invitationState({ acceptedAt: past, expiresAt: past }, NOW)).toBe("accepted");
  expect(invitationState({ acceptedAt: null, expiresAt: past }, NOW)).toBe("expired");
  expect(invitationState({ acceptedAt: null, expiresAt: later }, NOW)).toBe("open");
});
