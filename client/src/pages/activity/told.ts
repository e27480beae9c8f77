/** What a stream has told so far: shown, newest first, and held back while it is paused. */

export const MOST_SHOWN = 500;

export interface GapMark {
  gap: true;
  cursor: string;
}

export interface Told<Item> {
  shown: readonly (Item | GapMark)[];
  held: readonly (Item | GapMark)[];
}

export const NOTHING: Told<never> = { shown: [], held: [] };

/** One item more. Those that come twice, as after a reload of the list, are told once. */
export function taken<Item extends { cursor: string }>(
  told: Told<Item>,
  item: Item | GapMark,
  isPaused: boolean,
): Told<Item> {
  const newest = told.held[0] ?? told.shown[0];
  if (newest?.cursor === item.cursor) return told;
  if (isPaused) return { ...told, held: [item, ...told.held].slice(0, MOST_SHOWN) };
  return { ...told, shown: [item, ...told.shown].slice(0, MOST_SHOWN) };
}

/** What was held back is shown. */
export function resumed<Item>(told: Told<Item>): Told<Item> {
  return { shown: [...told.held, ...told.shown].slice(0, MOST_SHOWN), held: [] };
}
