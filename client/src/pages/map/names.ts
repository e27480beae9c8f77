/** Which names stand on the map, and where: larger clusters first, none over another. */

import type { Size } from "./camera";

export interface Name {
  id: string;
  text: string;
  /** On the screen. */
  x: number;
  y: number;
  /** Rows that it stands for. */
  weight: number;
  /** A group of clusters: only its like and nothing finer stands beside it when far away. */
  isGroup: boolean;
}

export interface PlacedName {
  id: string;
  left: number;
  top: number;
}

const LETTER_PX = 7;
const PADDING_PX = 30;
const HEIGHT_PX = 22;
const LETTERS = 28;
const MOST = 40;
/** From here on, compared with the whole map, groups give way to their clusters. */
const NEAR = 1.8;

/** `nearness` is 1 where the whole map is shown, 2 where half of its width is. */
export function placeNames(names: readonly Name[], size: Size, nearness: number): PlacedName[] {
  const hasGroups = names.some((name) => name.isGroup);
  const wanted = names
    .filter((name) => name.isGroup === (hasGroups && nearness < NEAR))
    .filter(({ x, y }) => x >= 0 && y >= 0 && x <= size.width && y <= size.height)
    .sort((a, b) => b.weight - a.weight);
  const placed: (PlacedName & { right: number })[] = [];
  for (const name of wanted) {
    const box = boxOf(name, size);
    if (placed.length < MOST && !placed.some((other) => meet(box, other))) placed.push(box);
  }
  return placed.map(({ id, left, top }) => ({ id, left, top }));
}

export const shorten = (text: string): string =>
  text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text;

/** In the middle above its point, moved to be whole on the map. */
function boxOf({ id, text, x, y }: Name, size: Size) {
  const width = Math.min(shorten(text).length * LETTER_PX + PADDING_PX, size.width);
  const left = Math.round(Math.min(Math.max(x - width / 2, 0), size.width - width));
  const top = Math.round(Math.min(Math.max(y - HEIGHT_PX * 1.2, 0), size.height - HEIGHT_PX));
  return { id, left, top, right: left + width };
}

type Box = ReturnType<typeof boxOf>;

function meet(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && Math.abs(a.top - b.top) < HEIGHT_PX;
}
