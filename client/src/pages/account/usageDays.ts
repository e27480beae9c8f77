/** What was used, by day. */

export const MEASURES = {
  requests: { label: "Requests", noun: "request" },
  points: { label: "Points", noun: "point" },
  predictions: { label: "Texts answered", noun: "text" },
  errors: { label: "Errors", noun: "error" },
} as const;

export type Measure = keyof typeof MEASURES;

export interface Used extends Record<Measure, number> {
  /** As in 2026-05-01, UTC. */
  day: string;
}

const DAYS = 30;
const DAY_MS = 86_400_000;

export function measureOf(name: string | null): Measure {
  return name !== null && Object.hasOwn(MEASURES, name) ? (name as Measure) : "requests";
}

/** Several keys' days as one: what was used of each day by all of them, the latest first. */
export function added(each: readonly (readonly Used[])[]): Used[] {
  const days = new Map<string, Used>();
  for (const used of each.flat()) {
    const before = days.get(used.day);
    days.set(used.day, before ? sum(before, used) : used);
  }
  return [...days.values()].sort((a, b) => b.day.localeCompare(a.day));
}

function sum(one: Used, other: Used): Used {
  return {
    day: one.day,
    requests: one.requests + other.requests,
    points: one.points + other.points,
    predictions: one.predictions + other.predictions,
    errors: one.errors + other.errors,
  };
}

/** An entry for each of the last 30 days, the oldest first, also where nothing was used. */
export function filled(used: readonly Used[], today: Date): Used[] {
  const known = new Map(used.map((each) => [each.day, each]));
  return Array.from({ length: DAYS }, (_, place) => {
    const day = new Date(today.getTime() - (DAYS - 1 - place) * DAY_MS).toISOString().slice(0, 10);
    return known.get(day) ?? { day, requests: 0, points: 0, predictions: 0, errors: 0 };
  });
}
