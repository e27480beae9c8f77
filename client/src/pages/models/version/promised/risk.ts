import { count, percent } from "../../../../ui/words";

interface Risk {
  answered: number;
  wrong: number;
  share: number | null;
  low: number;
  high: number;
}

/** "12 of 480 wrong, 2.5% (1.3% to 4.3%)". */
export function riskText({ answered, wrong, share, low, high }: Risk): string {
  if (share === null) return "no answer was looked at";
  return `${count(wrong)} of ${count(answered)} wrong, ${percent(share)} (${percent(low)} to ${percent(high)})`;
}
