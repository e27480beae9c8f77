/** A model's figures, version by version. */

interface Versioned {
  number: number;
  report: { accuracy: number; macroF1: number; ece: number };
}

type Figure = keyof Versioned["report"];

/** Oldest first, as one reads: a list of the API begins with the newest. */
export function byNumber<V extends Versioned>(versions: readonly V[]): V[] {
  return [...versions].sort((one, other) => one.number - other.number);
}

export function series(versions: readonly Versioned[], figure: Figure): [number, number][] {
  return versions.map(({ number, report }) => [number, report[figure]]);
}

/** What became of a figure since the version before, in points of a hundred: "+1.2". */
export function change(now: number, before: number | undefined): string | undefined {
  if (before === undefined) return undefined;
  const points = 100 * (now - before);
  if (Math.abs(points) < 0.05) return "±0.0";
  return `${points > 0 ? "+" : "−"}${Math.abs(points).toFixed(1)}`;
}

/** The numbers from the first version to the last, every one or every so many. */
export function numberTicks(versions: readonly Versioned[], most = 10): number[] {
  const numbers = versions.map(({ number }) => number);
  const each = Math.ceil(numbers.length / most);
  return numbers.filter((_, place) => place % each === 0);
}
