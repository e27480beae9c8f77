/** What every feed's items have in common, whatever the feed. */

type Sign = "CaughtUp" | "Gap" | "Heartbeat";

/** The cursor after which to go on when the connection drops behind this item. */
export function cursorOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) return undefined;
  const { cursor, toCursor } = item as { cursor?: unknown; toCursor?: unknown };
  const last = cursor ?? toCursor;
  return typeof last === "string" ? last : undefined;
}

export function isSign(item: unknown, sign: Sign): boolean {
  return typeof item === "object" && item !== null && "__typename" in item
    ? item.__typename === sign
    : false;
}
