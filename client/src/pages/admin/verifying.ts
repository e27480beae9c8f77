/** Looking at the whole audit log, part by part. */

export interface Part {
  checked: number;
  last: { number: number; hash: string } | null;
  brokenAt: number | null;
  why: string;
}

export interface Verdict {
  checked: number;
  /** The newest entry that was looked at; who keeps it can tell later whether the log was cut. */
  last: Part["last"];
  brokenAt: number | null;
  why: string;
}

export const MOST = 10_000;

/** Asks for part after part until one is not full or something is wrong. */
export async function verified(
  ask: (afterNumber: number | null) => Promise<Part>,
  onProgress: (checked: number) => void,
): Promise<Verdict> {
  let checked = 0;
  let last: Part["last"] = null;
  for (;;) {
    const part = await ask(last?.number ?? null);
    checked += part.checked;
    last = part.last ?? last;
    onProgress(checked);
    if (part.brokenAt !== null || part.checked < MOST || !part.last) {
      return { checked, last, brokenAt: part.brokenAt, why: part.why };
    }
  }
}
