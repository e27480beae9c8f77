/** Numbers and times in words, the same everywhere. */

const NUMBER = new Intl.NumberFormat("en");
const PERCENT = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 });
const UNITS = ["B", "kB", "MB", "GB", "TB", "PB"] as const;
const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

export const count = (value: number): string => NUMBER.format(value);

export const percent = (share: number): string => PERCENT.format(share);

/** `count(1, "row")` is "1 row". */
export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

/** Three figures and a decimal unit: 1.21 MB. */
export function bytes(size: number): string {
  let value = size;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1_000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${UNITS[unit]}`;
}

/** Two units at most: 850 ms, 12.4 s, 3 min 5 s, 2 h 10 min, 3 d 4 h. */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1_000)} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < MINUTE_S) return `${whole} s`;
  if (whole < HOUR_S) return two(whole, MINUTE_S, "min", 1, "s");
  if (whole < DAY_S) return two(whole, HOUR_S, "h", MINUTE_S, "min");
  return two(whole, DAY_S, "d", HOUR_S, "h");
}

function two(seconds: number, large: number, name: string, small: number, rest: string): string {
  const left = Math.floor((seconds % large) / small);
  return `${Math.floor(seconds / large)} ${name}${left ? ` ${left} ${rest}` : ""}`;
}

/** "just now", "12 s ago", "3 min ago", "2 h ago", then the date. */
export function ago(at: number, now: number): string {
  const seconds = Math.round((now - at) / 1_000);
  if (seconds < 2) return "just now";
  if (seconds < MINUTE_S) return `${seconds} s ago`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min ago`;
  if (seconds < DAY_S) return `${Math.floor(seconds / HOUR_S)} h ago`;
  return date(at);
}

/** Jan 29, 2026. */
export function date(at: number): string {
  return new Date(at).toLocaleDateString("en", { year: "numeric", month: "short", day: "numeric" });
}

/** The beginning of a title: "train job" is "Train job". */
export function titled(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** SOME_NAME is "some name". */
export function plainName(name: string): string {
  return name.toLowerCase().replaceAll("_", " ");
}
