/** Figures of a comparison in words. */

interface Span {
  value: number;
  low: number;
  high: number;
}

const PLACES = 1;

/** "91.2% (89.8 to 92.5)"; with a sign for differences: "+1.3 (−0.2 to +2.9)". */
export function interval({ value, low, high }: Span, isDifference = false): string {
  if (!isDifference) return `${points(value)}% (${points(low)} to ${points(high)})`;
  return `${signed(value)} (${signed(low)} to ${signed(high)})`;
}

const points = (share: number): string => (100 * share).toFixed(PLACES);

/** Points of a hundred with their sign. */
export function signed(share: number): string {
  const text = Math.abs(100 * share).toFixed(PLACES);
  if (Number(text) === 0) return "0.0";
  return `${share > 0 ? "+" : "−"}${text}`;
}

/** "0.031", "< 0.001". */
export function pValue(value: number): string {
  return value < 0.001 ? "< 0.001" : value.toFixed(3);
}

/** How an answer is called on screen. */
export function answer(label: string): string {
  if (label === "ABSTAIN") return "no answer (unsure)";
  if (label === "OUT_OF_DISTRIBUTION") return "no answer (strange)";
  return label;
}
