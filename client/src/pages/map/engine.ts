/** One map at work: its points, its canvas and what is pointed at. React tells it, and listens. */

import { problemOf } from "../../api/problems";
import {
  around,
  type Bounds,
  type Camera,
  cameraAt,
  cameraOn,
  type Place,
  placeOf,
  type Size,
  type Square,
  squareOf,
  toMap,
} from "./camera";
import type { SelectedRow } from "./csv";
import { type Drop, dropTile, MOST_DROPS } from "./drops";
import { Library, readRows, type TileAddress } from "./load";
import { type Colouring, type LegendEntry, legendOf, type Names, paintOf } from "./paint";
import { DIM, LIVE, type Scheme } from "./palette";
import { type PointRef, Points } from "./points";
import { type Mode, Scatter, type Surface } from "./scatter";
import { across, isHeldOut, isWrong, sureOf, type Tile, up } from "./tile";

export interface MappedCluster {
  id: string;
  name: string;
  size: number;
  numbers: readonly number[];
  rowsUrls: readonly string[];
}

export interface Hover {
  px: number;
  py: number;
  text: string;
  cluster: string;
  label: string;
  told: string;
}

export interface EngineState {
  loaded: number;
  isLoading: boolean;
  problem: string | undefined;
  hover: Hover | undefined;
  /** Grows when points change homes. */
  settled: number;
}

export interface Watch {
  onFrame: (camera: Camera, size: Size, nearness: number) => void;
  onRest: (place: Place) => void;
  onLine: (line: readonly [number, number][]) => void;
  onLasso: (points: PointRef[]) => void;
  onClick: (cluster: number) => void;
  onLost: () => void;
}

const HOVER_PX = 8;
const START: EngineState = {
  loaded: 0,
  isLoading: true,
  problem: undefined,
  hover: undefined,
  settled: 0,
};

export class MapEngine {
  readonly points = new Points();
  readonly square: Square;
  readonly #bounds: Bounds;
  readonly #library: Library;
  readonly #live = new Points();
  readonly #listeners = new Set<() => void>();
  #state = START;
  #scatter: Scatter | undefined;
  #names: Names;
  #clusters: readonly MappedCluster[] = [];
  #drops: Drop[] = [];
  #colouring: Colouring = "cluster";
  #scheme: Scheme = "light";
  #bright: Map<string, Set<number>> | undefined;

  constructor(
    bounds: Bounds,
    labels: readonly string[],
    tiles: readonly TileAddress[],
    renew: () => Promise<readonly TileAddress[]>,
  ) {
    this.#bounds = bounds;
    this.square = squareOf(bounds);
    this.#names = { clusters: [], labels };
    this.#library = new Library(tiles, renew);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): EngineState => this.#state;

  /** Brings the points; answers with what stops it. */
  load(): () => void {
    const stop = new AbortController();
    const isWanted = () => !stop.signal.aborted;
    this.#library
      .read((tile) => this.#take(tile), stop.signal)
      .catch((error) => isWanted() && this.#tell({ problem: problemOf(error) }))
      .finally(() => isWanted() && this.#tell({ isLoading: false }));
    return () => stop.abort();
  }

  /** False where the browser has no WebGL 2. */
  attach(surface: Surface, start: Place | undefined, watch: Watch): boolean {
    let isTold = false;
    this.#scatter = Scatter.on(surface, this.points, this.square, {
      ...watch,
      onSize: () => this.#open(start),
      onFrame: (camera, size) => watch.onFrame(camera, size, camera.k / this.#whole(size).k),
      onRest: (camera, size) => {
        // The first rest is the place where the map was opened.
        if (isTold) watch.onRest(placeOf(camera, this.square, size));
        isTold = true;
      },
      onHover: (px, py) => this.#hover(px, py),
      onLeave: () => this.#tell({ hover: undefined }),
      onClick: (px, py) => {
        const at = this.#nearest(this.points, px, py);
        watch.onClick(at ? (this.points.groups.get(at.key)?.home[at.point] ?? -1) : -1);
      },
    });
    this.#scatter?.dress(this.#scheme);
    for (const key of this.points.groups.keys()) this.#show(key);
    return this.#scatter !== undefined;
  }

  detach(): void {
    this.#scatter?.dispose();
    this.#scatter = undefined;
  }

  /** The clusters after all edits, largest first. */
  async settle(clusters: readonly MappedCluster[]): Promise<void> {
    this.#clusters = clusters;
    this.#names = { ...this.#names, clusters: clusters.map(({ name }) => name) };
    const ofNumber = new Map(
      clusters.flatMap(({ numbers }, home) => numbers.map((number) => [number, home] as const)),
    );
    const ofRow = new Map<number, number>();
    this.#rehome(ofNumber, ofRow);
    const parts = clusters.flatMap(({ rowsUrls }, home) => rowsUrls.map((url) => ({ url, home })));
    if (parts.length === 0) return;
    try {
      const rows = await Promise.all(parts.map(({ url }) => readRows(url)));
      if (this.#clusters !== clusters) return;
      parts.forEach(({ home }, part) => {
        for (const row of rows[part] ?? []) ofRow.set(row, home);
      });
      this.#rehome(ofNumber, ofRow);
    } catch (error) {
      this.#tell({ problem: problemOf(error) });
    }
  }

  colourBy(colouring: Colouring): void {
    this.#colouring = colouring;
    this.#repaint();
  }

  dress(scheme: Scheme): void {
    this.#scheme = scheme;
    this.#scatter?.dress(scheme);
  }

  steer(mode: Mode): void {
    if (this.#scatter) this.#scatter.mode = mode;
  }

  /** Dim all but these; undefined dims none. */
  brighten(points: readonly PointRef[] | undefined): void {
    this.#bright = points && byTile(points);
    this.#scatter?.layer(this.#bright !== undefined);
    this.#repaint();
  }

  /** Look at all of these, or at the whole map. */
  lookAt(bounds: readonly Bounds[] = []): void {
    const size = this.#scatter?.size;
    if (size) this.#scatter?.look(cameraOn(around(bounds) ?? this.#bounds, this.square, size));
  }

  zoomBy(factor: number): void {
    this.#scatter?.zoomBy(factor);
  }

  /** New texts fall onto the map. */
  drop(drops: readonly Drop[]): void {
    this.#drops = [...drops, ...this.#drops].slice(0, MOST_DROPS);
    const tile = dropTile(this.#drops, this.square);
    this.#live.groups.clear();
    this.#live.add(tile);
    this.#scatter?.drop(tile, LIVE);
  }

  legend(colouring: Colouring): LegendEntry[] {
    return legendOf(this.points.groups.values(), colouring, this.#names);
  }

  /** What is known of points, with their texts. */
  async rows(points: readonly PointRef[]): Promise<SelectedRow[]> {
    const keys = [...new Set(points.map(({ key }) => key))];
    const texts = new Map(
      await Promise.all(keys.map(async (key) => [key, await this.#library.texts(key)] as const)),
    );
    return points.map((ref) => this.#row(ref, texts.get(ref.key)?.[ref.point] ?? ""));
  }

  #open(start: Place | undefined): void {
    const size = this.#scatter?.size;
    if (!size) return;
    this.#scatter?.look(start ? cameraAt(start, this.square, size) : this.#whole(size));
  }

  #whole(size: Size): Camera {
    return cameraOn(this.#bounds, this.square, size);
  }

  #take(tile: Tile): void {
    const { key } = this.points.add(tile);
    this.#show(key);
    this.#tell({ loaded: this.points.count });
  }

  #show(key: string): void {
    const paint = this.#paint(key);
    if (paint) this.#scatter?.put(key, paint);
  }

  #repaint(): void {
    for (const key of this.points.groups.keys()) {
      const paint = this.#paint(key);
      if (paint) this.#scatter?.paint(key, paint);
    }
  }

  #paint(key: string): Uint8Array | undefined {
    const group = this.points.groups.get(key);
    if (!group) return undefined;
    const paint = paintOf(group, this.#colouring);
    if (!this.#bright) return paint;
    const bright = this.#bright.get(key);
    return paint.map((look, point) => (bright?.has(point) ? look : look | DIM));
  }

  #rehome(ofNumber: Map<number, number>, ofRow: Map<number, number>): void {
    this.points.settle({ ofNumber, ofRow });
    this.#repaint();
    this.#tell({ settled: this.#state.settled + 1 });
  }

  #nearest(points: Points, px: number, py: number): PointRef | undefined {
    const camera = this.#scatter?.camera;
    if (!camera) return undefined;
    const [x, y] = toMap(camera, this.square, px, py);
    const [aside] = toMap(camera, this.square, px + HOVER_PX, py);
    return points.near(x, y, aside - x);
  }

  async #hover(px: number, py: number): Promise<void> {
    const dropped = this.#nearest(this.#live, px, py);
    const drop = dropped && this.#drops[dropped.point];
    if (drop) {
      const { text, label, cluster } = drop;
      return this.#tell({ hover: { px, py, text, label, cluster, told: "just asked" } });
    }
    const ref = this.#nearest(this.points, px, py);
    if (!ref) {
      if (this.#state.hover) this.#tell({ hover: undefined });
      return;
    }
    const { text, cluster, label, heldOut, correct } = (await this.rows([ref]))[0] ?? NOTHING;
    const told = !heldOut
      ? "trained on"
      : correct
        ? "held out, answered right"
        : "held out, answered wrong";
    this.#tell({ hover: { px, py, text, cluster, label, told } });
  }

  #row({ key, point }: PointRef, text: string): SelectedRow {
    const group = this.points.groups.get(key);
    if (!group) throw new Error(`the tile ${key} is not here`);
    const { tile, home } = group;
    const flags = tile.flags[point] ?? 0;
    const label = tile.label[point] ?? -1;
    const heldOut = isHeldOut(flags);
    return {
      row: tile.row[point] ?? 0,
      text,
      label: this.#names.labels[label] ?? "",
      cluster: this.#names.clusters[home[point] ?? -1] ?? "",
      x: across(tile, point),
      y: up(tile, point),
      heldOut,
      correct: heldOut && label >= 0 ? !isWrong(flags) : undefined,
      confidence: sureOf(flags),
    };
  }

  #tell(change: Partial<EngineState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

const NOTHING = { text: "", cluster: "", label: "", heldOut: false, correct: undefined };

function byTile(points: readonly PointRef[]): Map<string, Set<number>> {
  const found = new Map<string, Set<number>>();
  for (const { key, point } of points) {
    const inside = found.get(key) ?? new Set();
    found.set(key, inside.add(point));
  }
  return found;
}
