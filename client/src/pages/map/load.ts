/** Brings tiles, their texts and the rows of split clusters over the network. */

import { readTile, type Tile, tileKey } from "./tile";

export interface TileAddress {
  zoom: number;
  x: number;
  y: number;
  count: number;
  url: string;
  textsUrl: string;
}

const AT_ONCE = 4;
/** More than this nobody needs at once: each zoom is a fair sample of what is left out. */
const MOST_POINTS = 500_000;

/** Addresses hold for a short while; `renew` asks for new ones, which are then used. */
export class Library {
  #addresses: Map<string, TileAddress>;
  readonly #renew: () => Promise<readonly TileAddress[]>;
  readonly #texts = new Map<string, Promise<string[]>>();
  #renewing: Promise<void> | undefined;

  constructor(tiles: readonly TileAddress[], renew: () => Promise<readonly TileAddress[]>) {
    this.#addresses = byKey(tiles);
    this.#renew = renew;
  }

  /** Tiles one after the other, coarsest first, until all are there or there are enough. */
  async read(onTile: (tile: Tile) => void, signal: AbortSignal): Promise<void> {
    let points = 0;
    const waiting = [...this.#addresses.values()]
      .sort((a, b) => a.zoom - b.zoom)
      .filter(({ count }) => {
        points += count;
        return points <= MOST_POINTS;
      })
      .map(tileKey);
    const next = async (): Promise<void> => {
      const key = waiting.shift();
      if (!key || signal.aborted) return;
      const reply = await this.#fetch(key, "url", signal);
      const tile = readTile(await reply.arrayBuffer());
      if (!signal.aborted) onTile(tile);
      await next();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
  }

  /** The texts of a tile's points, in their order. */
  texts(key: string): Promise<string[]> {
    let texts = this.#texts.get(key);
    if (!texts) {
      texts = this.#fetch(key, "textsUrl").then((reply) => reply.json() as Promise<string[]>);
      this.#texts.set(key, texts);
      texts.catch(() => this.#texts.delete(key));
    }
    return texts;
  }

  /** The texts of points that come from nowhere else. */
  keep(key: string, texts: string[]): void {
    this.#texts.set(key, Promise.resolve(texts));
  }

  async #fetch(key: string, what: "url" | "textsUrl", signal?: AbortSignal): Promise<Response> {
    const once = () => fetch(this.#addresses.get(key)?.[what] ?? "", signal ? { signal } : {});
    let reply = await once();
    if (!reply.ok) {
      await this.#renewed();
      reply = await once();
    }
    if (!reply.ok) throw new Error(`A part of the map could not be loaded (${reply.status}).`);
    return reply;
  }

  /** One renewal at a time, however many tiles need it. */
  #renewed(): Promise<void> {
    this.#renewing ??= this.#renew()
      .then((tiles) => {
        this.#addresses = byKey(tiles);
      })
      .finally(() => {
        this.#renewing = undefined;
      });
    return this.#renewing;
  }
}

const byKey = (tiles: readonly TileAddress[]) =>
  new Map(tiles.map((tile) => [tileKey(tile), tile]));

/** The rows of a part of a split cluster. */
export async function readRows(url: string): Promise<Uint32Array> {
  const reply = await fetch(url);
  if (!reply.ok)
    throw new Error(`The rows of a split cluster could not be loaded (${reply.status}).`);
  return new Uint32Array(await reply.arrayBuffer());
}
