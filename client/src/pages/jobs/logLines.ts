/** Lines of a log, in the order of their cursors, each once; the oldest go when there are many. */

export const MOST_LINES = 5_000;

export function withLines<Line extends { cursor: string }>(
  known: readonly Line[],
  more: readonly Line[],
): readonly Line[] {
  const last = known.at(-1)?.cursor;
  const fresh = more.filter(({ cursor }, place) => {
    const before = place > 0 ? more[place - 1]?.cursor : last;
    return cursor !== before;
  });
  return [...known, ...fresh].slice(-MOST_LINES);
}
