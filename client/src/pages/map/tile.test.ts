import { describe, expect, it } from "vitest";
import { across, isHeldOut, isWrong, readTile, sureOf, tileKey, up } from "./tile";
import written from "./tile.fixture.json";

/** What the platform wrote; tests/workers/pipeline/test_tile_fixture.py keeps it up to date. */
const data = () => Uint8Array.from(atob(written.base64), (letter) => letter.charCodeAt(0)).buffer;

describe("a tile as the platform writes it", () => {
  it("tells every point", () => {
    const tile = readTile(data());
    expect(tileKey(tile)).toBe(written.name);
    const points = Array.from({ length: tile.count }, (_, point) => ({
      row: tile.row[point],
      cluster: tile.cluster[point],
      label: tile.label[point],
      heldOut: isHeldOut(tile.flags[point] ?? 0),
      wrong: isWrong(tile.flags[point] ?? 0),
    }));
    expect(points).toEqual(written.points.map(({ x: _x, y: _y, sure: _sure, ...rest }) => rest));
    written.points.forEach(({ x, y, sure }, point) => {
      expect(across(tile, point)).toBeCloseTo(x, 3);
      expect(up(tile, point)).toBeCloseTo(y, 3);
      const found = sureOf(tile.flags[point] ?? 0);
      expect(found === undefined).toBe(sure === null);
      if (sure !== null) expect(Math.abs((found ?? 0) - sure)).toBeLessThan(1 / 60 + 1e-9);
    });
  });

  it("is refused when it is something else, newer, or not whole", () => {
    const changed = (place: number, byte: number) => {
      const bytes = new Uint8Array(data());
      bytes[place] = byte;
      return bytes.buffer;
    };
    expect(() => readTile(changed(0, 0))).toThrow("no tile");
    expect(() => readTile(changed(4, 2))).toThrow("version 2");
    expect(() => readTile(data().slice(0, -1))).toThrow("in part");
    expect(() => readTile(new ArrayBuffer(8))).toThrow("no tile");
  });
});
