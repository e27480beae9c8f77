/** The points that have come so far: where they lie, whose they are, and what they say. */

import { polygonContains } from "d3-polygon";
import KDBush from "kdbush";
import { across, type Tile, tileKey, up } from "./tile";

type Polygon = [number, number][];

/** A point: its tile's key and its number there. */
export interface PointRef {
  key: string;
  point: number;
}

export interface Group {
  key: string;
  tile: Tile;
  /** For each point the cluster that it is in after all edits, by its place in the list; or -1. */
  home: Int32Array;
  index: KDBush;
}

/** Where points live, after edits: by fitted number, or by row for parts of split clusters. */
export interface Homes {
  ofNumber: ReadonlyMap<number, number>;
  ofRow: ReadonlyMap<number, number>;
}

export class Points {
  readonly groups = new Map<string, Group>();
  count = 0;
  #homes: Homes = { ofNumber: new Map(), ofRow: new Map() };

  add(tile: Tile, key = tileKey(tile)): Group {
    const index = new KDBush(tile.count);
    for (let point = 0; point < tile.count; point += 1)
      index.add(across(tile, point), up(tile, point));
    index.finish();
    const group = { key, tile, home: homesIn(tile, this.#homes), index };
    this.count += tile.count - (this.groups.get(key)?.tile.count ?? 0);
    this.groups.set(key, group);
    return group;
  }

  /** Clusters were edited. */
  settle(homes: Homes): void {
    this.#homes = homes;
    for (const group of this.groups.values()) group.home = homesIn(group.tile, homes);
  }

  /** The nearest within `reach`, or nothing. */
  near(x: number, y: number, reach: number): PointRef | undefined {
    let best: PointRef | undefined;
    let least = reach ** 2;
    for (const { key, tile, index } of this.groups.values()) {
      for (const point of index.within(x, y, reach)) {
        const distance = (across(tile, point) - x) ** 2 + (up(tile, point) - y) ** 2;
        if (distance > least) continue;
        least = distance;
        best = { key, point };
      }
    }
    return best;
  }

  /** All within a line drawn around them. */
  inside(line: Polygon): PointRef[] {
    if (line.length < 3) return [];
    const xs = line.map(([x]) => x);
    const ys = line.map(([, y]) => y);
    const box = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] as const;
    const found: PointRef[] = [];
    for (const { key, tile, index } of this.groups.values()) {
      for (const point of index.range(...box)) {
        if (polygonContains(line, [across(tile, point), up(tile, point)]))
          found.push({ key, point });
      }
    }
    return found;
  }

  /** All of some clusters. */
  of(clusters: ReadonlySet<number>): PointRef[] {
    const found: PointRef[] = [];
    for (const { key, home } of this.groups.values()) {
      home.forEach((cluster, point) => {
        if (clusters.has(cluster)) found.push({ key, point });
      });
    }
    return found;
  }
}

function homesIn(tile: Tile, { ofNumber, ofRow }: Homes): Int32Array {
  return tile.cluster.map((number, point) => {
    if (number < 0) return -1;
    return ofNumber.get(number) ?? ofRow.get(tile.row[point] ?? -1) ?? -1;
  });
}

/** How many of the points are in each cluster. */
export function tally(points: Points, refs: readonly PointRef[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { key, point } of refs) {
    const cluster = points.groups.get(key)?.home[point] ?? -1;
    counts.set(cluster, (counts.get(cluster) ?? 0) + 1);
  }
  return counts;
}
