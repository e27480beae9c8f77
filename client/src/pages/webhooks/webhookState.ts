/** How a webhook does, in one word. */

interface Webhook {
  off: object | null;
  failingSince: string | null;
  isFollowed: boolean;
  createdAt: string;
}

export type WebhookState = "off" | "failing" | "not followed" | "sending";

/** A new one is followed within seconds; until then nothing is wrong. */
const PATIENCE_MS = 60_000;

export function stateOf(webhook: Webhook, now: number): WebhookState {
  if (webhook.off) return "off";
  if (webhook.failingSince) return "failing";
  const isNew = now - Date.parse(webhook.createdAt) < PATIENCE_MS;
  return webhook.isFollowed || isNew ? "sending" : "not followed";
}
