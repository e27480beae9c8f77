/** What a word counts, for readers who think in times rather than in logarithms. */

const TIMES = new Intl.NumberFormat("en", { maximumSignificantDigits: 2 });
const SIGNED = new Intl.NumberFormat("en", {
  signDisplay: "exceptZero",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
/** Beyond it the figure says no more than "by far". */
const MOST_TIMES = 1_000_000;

/** With a minus that no line ends behind. */
export const signed = (weight: number): string => SIGNED.format(weight).replace("-", "−");

/** A weight of 0.69 is "2 times likelier", one of -0.69 "2 times less likely". */
export function timesLikelier(weight: number): string {
  const times = Math.exp(Math.abs(weight));
  if (times < 1.05) return "as likely";
  const figure = times > MOST_TIMES ? "over a million" : TIMES.format(times);
  return `${figure} times ${weight > 0 ? "likelier" : "less likely"}`;
}
