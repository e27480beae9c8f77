/** Where the figures of a chart's axis begin and end, and where it is marked. */

export interface Axis {
  low: number;
  high: number;
  ticks: readonly number[];
}

const STEPS = [1, 2, 2.5, 5, 10];

/** The smallest round step by which the span has no more marks than wanted. */
function stepFor(span: number, marks: number): number {
  const rough = span / marks;
  const power = 10 ** Math.floor(Math.log10(rough));
  return (STEPS.find((step) => step * power >= rough * (1 - 1e-9)) ?? 10) * power;
}

/** An axis for all values, from one round figure to another; within bounds, where there are some. */
export function axisFor(
  values: readonly number[],
  { marks = 4, least = -Infinity, most = Infinity, span = 0 } = {},
): Axis {
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (!Number.isFinite(low) || !Number.isFinite(high)) return { low: 0, high: 1, ticks: [0, 1] };
  const missing = (span || 1e-6) - (high - low);
  if (missing > 0) {
    low -= missing / 2;
    high += missing / 2;
  }
  const step = stepFor(high - low, marks);
  low = Math.max(least, Math.floor(low / step + 1e-9) * step);
  high = Math.min(most, Math.ceil(high / step - 1e-9) * step);
  return { low, high, ticks: ticksOf(low, high, step) };
}

function ticksOf(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Told by the step's number, so that a tenth does not become 0.30000000000000004.
  return Array.from({ length: last - first + 1 }, (_, n) =>
    Number(((first + n) * step).toPrecision(12)),
  );
}

/** 0 at the axis' low end, 100 at its high end. */
export function placeOn({ low, high }: Axis, value: number): number {
  return high === low ? 50 : (100 * (value - low)) / (high - low);
}
