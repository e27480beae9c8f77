/** Texts that were asked about while the map is open, as points of a tile of their own. */

import type { Square } from "./camera";
import type { Tile } from "./tile";

/** The newest so many stay. */
export const MOST_DROPS = 200;
const LAST_STEP = 2 ** 16 - 1;

export interface Drop {
  text: string;
  label: string;
  cluster: string;
  x: number;
  y: number;
}

export function dropTile(drops: readonly Drop[], square: Square): Tile {
  const count = drops.length;
  return {
    zoom: 0,
    x: 0,
    y: 0,
    count,
    ...square,
    row: new Uint32Array(count),
    cluster: new Int32Array(count).fill(-1),
    label: new Int32Array(count).fill(-1),
    u: Uint16Array.from(drops, ({ x }) => step((x - square.left) / square.edge)),
    v: Uint16Array.from(drops, ({ y }) => step((y - square.low) / square.edge)),
    flags: new Uint8Array(count),
  };
}

/** On the edge of the map where it would lie beyond it. */
const step = (share: number) =>
  Math.min(LAST_STEP, Math.max(0, Math.floor(share * (LAST_STEP + 1))));

/** Those of a page, newest first, that were not seen before; `seen` is told of them. */
export function unseen<Item extends { id: string }>(
  page: readonly Item[],
  seen: Set<string>,
): Item[] {
  const found = page.filter(({ id }) => !seen.has(id));
  for (const { id } of found) seen.add(id);
  return found;
}
