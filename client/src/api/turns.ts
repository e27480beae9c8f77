/** One at a time, in all tabs of a browser together. */

import { type Leases, leases } from "./leases";
import { unique } from "./unique";

/** A tab that died in its turn holds the others up for this long. */
export const TURN_MS = 1_500;
const LOOK_AGAIN_MS = 40;

/**
 * The browser's own locks are not for this: it has none on plain-http hosts, and lets go of them with
 * the page that is left, while what the page asked for is still on the way.
 */
export async function inTurn<T>(
  name: string,
  act: () => Promise<T>,
  kept: Leases = leases,
): Promise<T> {
  const owner = unique();
  const take = () => kept.take(name, owner, Date.now() + TURN_MS);
  while (!(await take())) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  const renewing = setInterval(take, TURN_MS / 3);
  try {
    return await act();
  } finally {
    clearInterval(renewing);
    await kept.end(name, owner);
  }
}
