/** What colour each point has, and what the colours mean. */

import { COLOURS, categoryPaint, NONE, RIGHT, stepPaint, WRONG } from "./palette";
import type { Group } from "./points";
import { isHeldOut, isWrong, sureOf } from "./tile";

export const COLOURINGS = [
  { value: "cluster", label: "Cluster" },
  { value: "label", label: "Label" },
  { value: "correct", label: "Right or wrong" },
  { value: "sure", label: "Confidence" },
] as const;

export type Colouring = (typeof COLOURINGS)[number]["value"];

export interface LegendEntry {
  name: string;
  paint: number;
  count: number;
}

export interface Names {
  clusters: readonly string[];
  labels: readonly string[];
}

const NOBODY_ASKED = "Trained on, not asked";

/** One byte a point. */
export function paintOf({ tile, home }: Group, by: Colouring): Uint8Array {
  const paint = new Uint8Array(tile.count);
  for (let point = 0; point < tile.count; point += 1) {
    paint[point] = looks[by](home[point] ?? -1, tile.label[point] ?? -1, tile.flags[point] ?? 0);
  }
  return paint;
}

const looks: Record<Colouring, (home: number, label: number, flags: number) => number> = {
  cluster: (home) => categoryPaint(home),
  label: (_, label) => categoryPaint(label),
  correct: (_, label, flags) =>
    isHeldOut(flags) && label >= 0 ? (isWrong(flags) ? WRONG : RIGHT) : NONE,
  sure: (_home, _label, flags) => {
    const sure = sureOf(flags);
    return sure === undefined ? NONE : stepPaint(sure);
  },
};

/** What the colours mean, most points first where they have no order of their own. */
export function legendOf(groups: Iterable<Group>, by: Colouring, names: Names): LegendEntry[] {
  if (by === "cluster" || by === "label") return categories(groups, by, names);
  const counts = new Map<number, number>();
  for (const group of groups) {
    for (const paint of paintOf(group, by)) counts.set(paint, (counts.get(paint) ?? 0) + 1);
  }
  return scale(by).map(({ name, paint }) => ({ name, paint, count: counts.get(paint) ?? 0 }));
}

function categories(groups: Iterable<Group>, by: "cluster" | "label", names: Names) {
  const called = by === "cluster" ? names.clusters : names.labels;
  const counts = new Map<number, number>();
  for (const { tile, home } of groups) {
    for (const each of by === "cluster" ? home : tile.label) {
      counts.set(each, (counts.get(each) ?? 0) + 1);
    }
  }
  const none = by === "cluster" ? "In no cluster" : "Without a label";
  return [...counts]
    .map(([each, count]) => ({
      name: called[each] ?? none,
      paint: categoryPaint(each),
      count,
    }))
    .sort((a, b) => b.count - a.count);
}

function scale(by: "correct" | "sure"): { name: string; paint: number }[] {
  const none = { name: NOBODY_ASKED, paint: NONE };
  if (by === "correct") {
    return [
      { name: "Answered right", paint: RIGHT },
      { name: "Answered wrong", paint: WRONG },
      none,
    ];
  }
  const steps = Array.from({ length: COLOURS }, (_, step) => ({
    name: `${percent(step)} to ${percent(step + 1)}`,
    paint: stepPaint(step / COLOURS),
  }));
  return [...steps, none];
}

const percent = (step: number) => `${Math.round((100 * step) / COLOURS)}%`;
