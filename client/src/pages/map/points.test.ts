import { describe, expect, it } from "vitest";
import { dropTile, unseen } from "./drops";
import { legendOf, paintOf } from "./paint";
import { categoryPaint, NONE, RIGHT, stepPaint, WRONG } from "./palette";
import { Points, tally } from "./points";
import type { Tile } from "./tile";

const square = { left: 0, low: 0, edge: 10 };

/** Points on a diagonal from (0, 0) to (9, 9); clusters 0, 1, 2 in turn, the last in none. */
function diagonal(): Tile {
  const places = Array.from({ length: 10 }, (_, n) => ({
    text: "",
    label: "",
    cluster: "",
    x: n,
    y: n,
  }));
  return {
    ...dropTile(places, square),
    row: Uint32Array.from(places, (_, n) => 100 + n),
    cluster: Int32Array.from(places, (_, n) => (n === 9 ? -1 : n % 3)),
    label: Int32Array.from(places, (_, n) => (n === 8 ? -1 : n % 2)),
    flags: Uint8Array.from(places, (_, n) => [0, 1 + 8 * 31, 1 + 4 + 8 * 16][n % 3] ?? 0),
  };
}

function settled(): Points {
  const points = new Points();
  points.settle({
    // 0 and 1 were merged; 2 was split by rows, of which one is not known.
    ofNumber: new Map([
      [0, 0],
      [1, 0],
    ]),
    ofRow: new Map([
      [102, 1],
      [105, 2],
    ]),
  });
  points.add(diagonal());
  return points;
}

describe("points", () => {
  it("are in the clusters that edits made", () => {
    const points = settled();
    expect([...(points.groups.get("0-0-0")?.home ?? [])]).toEqual([0, 0, 1, 0, 0, 2, 0, 0, -1, -1]);
    points.settle({ ofNumber: new Map([[2, 7]]), ofRow: new Map() });
    expect(points.of(new Set([7])).map(({ point }) => point)).toEqual([2, 5, 8]);
  });

  it("are found by pointing and by a line around them", () => {
    const points = settled();
    expect(points.near(4.2, 4.1, 0.5)).toEqual({ key: "0-0-0", point: 4 });
    expect(points.near(4.5, 0, 0.5)).toBeUndefined();
    const inside = points.inside([[-1, -1], [3.5, -1], [3.5, 3.5], [-1, 3.5]]); // biome-ignore format: a square
    expect(inside.map(({ point }) => point).sort()).toEqual([0, 1, 2, 3]);
    expect([...tally(points, inside)].sort()).toEqual([[0, 3], [1, 1]]); // biome-ignore format: pairs
    expect(points.inside([[0, 0], [9, 9]])).toEqual([]); // biome-ignore format: a stroke
  });

  it("are counted once when a tile comes again", () => {
    const points = settled();
    points.add(diagonal());
    expect(points.count).toBe(10);
  });

  it("are painted by what is asked for", () => {
    const [group] = settled().groups.values();
    if (!group) throw new Error("no group");
    expect(paintOf(group, "cluster")[5]).toBe(categoryPaint(2));
    expect(paintOf(group, "label")[8]).toBe(NONE);
    expect([...paintOf(group, "correct").slice(0, 3)]).toEqual([NONE, RIGHT, WRONG]);
    expect([...paintOf(group, "sure").slice(0, 3)]).toEqual([NONE, stepPaint(1), stepPaint(0.5)]);
  });

  it("have a legend that counts all of them", () => {
    const groups = [...settled().groups.values()];
    const names = { clusters: ["a", "b", "c"], labels: ["x", "y"] };
    for (const by of ["cluster", "label", "correct", "sure"] as const) {
      const total = legendOf(groups, by, names).reduce((sum, { count }) => sum + count, 0);
      expect(total).toBe(10);
    }
    expect(legendOf(groups, "cluster", names).map(({ name }) => name)).toEqual([
      "a",
      "In no cluster",
      "b",
      "c",
    ]);
  });
});

describe("texts that fall onto the map", () => {
  it("lie on its edge when they would lie beyond it", () => {
    const at = (x: number, y: number) => ({ text: "", label: "", cluster: "", x, y });
    const tile = dropTile([at(-3, 5), at(5, 30)], square);
    expect([tile.u[0], tile.v[1]]).toEqual([0, 65_535]);
    expect(tile.u[1]).toBe(32_768);
  });

  it("fall once", () => {
    const seen = new Set<string>();
    expect(unseen([{ id: "b" }, { id: "a" }], seen)).toHaveLength(2);
    expect(unseen([{ id: "c" }, { id: "b" }], seen)).toEqual([{ id: "c" }]);
  });
});
