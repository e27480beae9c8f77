/** Text with parts of it marked, cut where a mark begins or ends. */

export interface Part {
  /** Unicode code points from 0, as the API counts; JavaScript's own places count some twice. */
  start: number;
  /** The place after the last one. */
  end: number;
}

export interface Piece<P extends Part> {
  text: string;
  start: number;
  part: P | undefined;
}

/** Where parts lie over each other, the one that weighs more is shown. */
export function pieces<P extends Part>(
  text: string,
  parts: readonly P[],
  weightOf: (part: P) => number = () => 0,
): Piece<P>[] {
  const points = Array.from(text);
  const heaviestFirst = parts.toSorted((one, other) => weightOf(other) - weightOf(one));
  const cuts = [0, points.length, ...parts.flatMap(({ start, end }) => [start, end])]
    .filter((cut) => cut >= 0 && cut <= points.length)
    .toSorted((one, other) => one - other);
  const found: Piece<P>[] = [];
  for (const [at, end] of cuts.entries()) {
    const start = cuts[at - 1] ?? 0;
    if (start === end) continue;
    const part = heaviestFirst.find((each) => each.start <= start && each.end >= end);
    const last = found.at(-1);
    const words = points.slice(start, end).join("");
    if (last && last.part === part) last.text += words;
    else found.push({ text: words, start, part });
  }
  return found;
}
