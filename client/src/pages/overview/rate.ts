/** Answers a second over the last minute. */

export const WINDOW_S = 60;

export interface Counted {
  /** Milliseconds. */
  at: number;
  answers: number;
}

/** What was counted, without what is older than the window. */
export function recent(counted: readonly Counted[], now: number): readonly Counted[] {
  return counted.filter(({ at }) => now - at < WINDOW_S * 1_000);
}

/** One bar a second, the oldest first; `WINDOW_S` of them. */
export function bars(counted: readonly Counted[], now: number): number[] {
  const seconds = new Array<number>(WINDOW_S).fill(0);
  for (const { at, answers } of recent(counted, now)) {
    const place = WINDOW_S - 1 - Math.max(0, Math.floor((now - at) / 1_000));
    seconds[place] = (seconds[place] ?? 0) + answers;
  }
  return seconds;
}

export function perSecond(counted: readonly Counted[], now: number): number {
  return bars(counted, now).reduce((sum, each) => sum + each, 0) / WINDOW_S;
}
