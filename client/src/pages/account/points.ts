/** How many points there are by now: they come back by themselves, so many a second. */

export interface Points {
  capacity: number;
  available: number;
  refillPerSecond: number;
}

/** `elapsedMs` after the server told how many there were. */
export function pointsNow({ capacity, available, refillPerSecond }: Points, elapsedMs: number) {
  const since = Math.max(0, elapsedMs) / 1_000;
  return Math.min(capacity, Math.floor(available + refillPerSecond * since));
}
