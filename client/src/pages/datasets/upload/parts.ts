/** Which parts of a file are still to be sent, and how far all of them are. */

export interface Part {
  number: number;
  url: string;
  offset: number;
  size: number;
}

export type PartState = "waiting" | "sending" | "retrying" | "sent";

export interface PartProgress {
  number: number;
  size: number;
  state: PartState;
  /** Bytes that have left the browser. */
  bytes: number;
}

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
export const MOST_TRIES = 6;

/** All parts as they stand; those that were sent before a reload are not sent again. */
export function planned(parts: readonly Part[], sent: readonly number[]): PartProgress[] {
  return parts.map(({ number, size }) => {
    const isSent = sent.includes(number);
    return { number, size, state: isSent ? "sent" : "waiting", bytes: isSent ? size : 0 };
  });
}

/** The part to be sent next, the first that nobody sends. */
export function nextOf(progress: readonly PartProgress[]): PartProgress | undefined {
  return progress.find(({ state }) => state === "waiting");
}

export function changed(
  progress: readonly PartProgress[],
  number: number,
  change: Partial<PartProgress>,
): PartProgress[] {
  return progress.map((part) => (part.number === number ? { ...part, ...change } : part));
}

/** What was under way when the upload stopped begins again. */
export function stopped(progress: readonly PartProgress[]): PartProgress[] {
  return progress.map((part) =>
    part.state === "sent" ? part : { ...part, state: "waiting", bytes: 0 },
  );
}

export function bytesSent(progress: readonly PartProgress[]): number {
  return progress.reduce((sum, { bytes }) => sum + bytes, 0);
}

export function numbersSent(progress: readonly PartProgress[]): number[] {
  return progress.filter(({ state }) => state === "sent").map(({ number }) => number);
}

/** How long to wait before a part is tried again: twice as long each time, with some chance in it. */
export function waitBefore(attempt: number, chance = Math.random()): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (0.5 + chance / 2);
}
