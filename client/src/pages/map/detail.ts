/** How much of the map is drawn in a frame. */

import type { Bounds, Camera, Size } from "./camera";

interface Drawable {
  zoom: number;
  left: number;
  low: number;
  edge: number;
}

const START_MS = 33;
/** Leaves room in a frame of a sixtieth of a second, as the clock counts it. */
const QUICK_MS = 22;
const WEIGHT = 0.25;

/** Tiles that meet the view, coarsest first: what is larger lies below. */
export function chosen<T extends Drawable>(tiles: Iterable<T>, view: Bounds): T[] {
  return [...tiles]
    .filter(
      ({ left, low, edge }) =>
        left <= view.maxX &&
        left + edge >= view.minX &&
        low <= view.maxY &&
        low + edge >= view.minY,
    )
    .sort((a, b) => a.zoom - b.zoom);
}

/**
 * Whether drawing is quick enough to be done for every frame. Where it is not, as without a graphics
 * card, the picture that is there is moved, and drawn anew when it no longer does.
 */
export class Pace {
  #ms = START_MS;

  get isQuick(): boolean {
    return this.#ms < QUICK_MS;
  }

  /** The frame behind one that was drawn anew came `ms` later. */
  drew(ms: number): void {
    this.#ms += (ms - this.#ms) * WEIGHT;
  }
}

/** A picture of the map: what was drawn beyond each edge of the view, for it to be moved. */
export const MARGIN_PX = 160;
const BLURRED = 1.5;

/** How to move a picture of one camera for another to see it; undefined when it must be drawn anew. */
export function moved(drawn: Camera, now: Camera, { width, height }: Size): Camera | undefined {
  const k = now.k / drawn.k;
  const x = now.x - k * drawn.x + MARGIN_PX * (1 - k);
  const y = now.y - k * drawn.y + MARGIN_PX * (1 - k);
  const covers = (shift: number, length: number) =>
    shift <= MARGIN_PX && shift - MARGIN_PX + k * (length + 2 * MARGIN_PX) >= length;
  const isSharp = k < BLURRED && k > 1 / BLURRED;
  return isSharp && covers(x, width) && covers(y, height) ? { k, x, y } : undefined;
}
