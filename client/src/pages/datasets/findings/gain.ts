interface Gain {
  value: number;
  low: number;
  high: number;
}

const MARGIN = 1.15;
const SMALLEST = 0.001;

/** Where to draw a gain, in percent of the width: no gain is always in the middle. */
export function places({ value, low, high }: Gain): Gain & { zero: number } {
  const reach = MARGIN * Math.max(SMALLEST, Math.abs(low), Math.abs(high), Math.abs(value));
  const place = (share: number) => 50 + (50 * share) / reach;
  return { value: place(value), low: place(low), high: place(high), zero: 50 };
}
