/** Tiles of a cluster map as the platform writes them; MapTile.url in the schema tells their form. */

const MAGIC = 0x544d4853; // "SHMT", read as a little-endian number
const HEADER_BYTES = 32;
const POINT_BYTES = 17;
const STEPS = 2 ** 16;
const SURE_STEPS = 31;

const HELD_OUT = 1;
const WRONG = 4;
const SURE = 8;

/** The points of one square of the map, one column for each thing that is told of them. */
export interface Tile {
  zoom: number;
  x: number;
  y: number;
  count: number;
  left: number;
  low: number;
  edge: number;
  row: Uint32Array;
  /** Numbers in the model version, before anybody's edits; -1 for none. */
  cluster: Int32Array;
  /** Places among the version's labels; -1 for none. */
  label: Int32Array;
  u: Uint16Array;
  v: Uint16Array;
  flags: Uint8Array;
}

/** Columns are views of the buffer, without a copy: browsers run on little-endian machines alone. */
export function readTile(data: ArrayBuffer): Tile {
  const header = new DataView(data);
  if (data.byteLength < HEADER_BYTES || header.getUint32(0, true) !== MAGIC) {
    throw new Error("This is no tile of a map.");
  }
  const version = header.getUint16(4, true);
  if (version !== 1)
    throw new Error(`Tiles of version ${version} cannot be read; reload the page.`);
  const count = header.getUint32(16, true);
  if (data.byteLength !== HEADER_BYTES + POINT_BYTES * count) {
    throw new Error("A tile of the map came only in part.");
  }
  const behind = (bytes: number) => HEADER_BYTES + bytes * count;
  return {
    zoom: header.getUint16(6, true),
    x: header.getUint32(8, true),
    y: header.getUint32(12, true),
    count,
    left: header.getFloat32(20, true),
    low: header.getFloat32(24, true),
    edge: header.getFloat32(28, true),
    row: new Uint32Array(data, behind(0), count),
    cluster: new Int32Array(data, behind(4), count),
    label: new Int32Array(data, behind(8), count),
    u: new Uint16Array(data, behind(12), count),
    v: new Uint16Array(data, behind(14), count),
    flags: new Uint8Array(data, behind(16), count),
  };
}

export const tileKey = (at: { zoom: number; x: number; y: number }): string =>
  `${at.zoom}-${at.x}-${at.y}`;

export const across = (tile: Tile, point: number): number =>
  tile.left + (tile.edge * ((tile.u[point] ?? 0) + 0.5)) / STEPS;

export const up = (tile: Tile, point: number): number =>
  tile.low + (tile.edge * ((tile.v[point] ?? 0) + 0.5)) / STEPS;

export const isHeldOut = (flags: number): boolean => (flags & HELD_OUT) !== 0;

export const isWrong = (flags: number): boolean => (flags & WRONG) !== 0;

/** The probability that the model gave its answer, 0 to 1; undefined where nobody measured it. */
export function sureOf(flags: number): number | undefined {
  const step = Math.floor(flags / SURE);
  return step === 0 ? undefined : (step - 1) / (SURE_STEPS - 1);
}
