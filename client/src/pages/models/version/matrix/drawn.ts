/** How large a matrix is drawn. */

import { sideFor } from "./matrix";

const LETTER_PX = 5.8;
const LONGEST = 24;
const GAP_PX = 10;

/** Smaller cells have no room for their number. */
export const COUNTED_FROM_PX = 17;

export interface Drawn {
  /** Of a cell. */
  side: number;
  /** Room for the labels, on the left and above. */
  margin: number;
  /** Of the whole, across and down. */
  extent: number;
}

export function drawn(labels: readonly string[]): Drawn {
  const side = sideFor(labels.length);
  const longest = Math.max(1, ...labels.map((label) => short(label).length));
  const margin = Math.ceil(longest * LETTER_PX) + GAP_PX;
  return { side, margin, extent: margin + side * labels.length + 2 };
}

export function short(label: string): string {
  return label.length > LONGEST ? `${label.slice(0, LONGEST - 1)}…` : label;
}
