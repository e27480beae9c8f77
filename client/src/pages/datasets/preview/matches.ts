interface Match {
  start: number;
  end: number;
}

export interface Piece {
  at: number;
  text: string;
  isMatch: boolean;
}

/** A text cut where matches begin and end. Places count characters, not UTF-16 units. */
export function pieces(text: string, matches: readonly Match[]): Piece[] {
  const signs = [...text];
  const cut: Piece[] = [];
  let at = 0;
  const take = (end: number, isMatch: boolean) => {
    if (end > at) cut.push({ at, text: signs.slice(at, end).join(""), isMatch });
    at = Math.max(at, end);
  };
  for (const { start, end } of matches.toSorted((one, other) => one.start - other.start)) {
    take(start, false);
    take(end, true);
  }
  take(signs.length, false);
  return cut;
}
