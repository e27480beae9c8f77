import { describe, expect, it } from "vitest";
import { chosen, MARGIN_PX, moved, Pace } from "./detail";

const size = { width: 800, height: 500 };
const still = { k: 1, x: 0, y: 0 };

describe("what is drawn", () => {
  it("is what meets the view, coarsest first", () => {
    const tile = (zoom: number, left: number) => ({ zoom, left, low: 0, edge: 1 });
    const tiles = [tile(2, 3), tile(1, 0), tile(0, 0), tile(2, 8)];
    const view = { minX: 0.5, minY: 0.2, maxX: 4, maxY: 0.8 };
    expect(chosen(tiles, view)).toEqual([tile(0, 0), tile(1, 0), tile(2, 3)]);
  });

  it("is a picture moved, while it covers the view", () => {
    expect(moved(still, { k: 1, x: 100, y: -MARGIN_PX }, size)).toEqual({
      k: 1,
      x: 100,
      y: -MARGIN_PX,
    });
    expect(moved(still, { k: 1, x: MARGIN_PX + 1, y: 0 }, size)).toBeUndefined();
    expect(moved(still, { k: 1, x: 0, y: -MARGIN_PX - 1 }, size)).toBeUndefined();
  });

  it("is a picture scaled about the right place, while it is sharp", () => {
    const near = moved(still, { k: 1.25, x: -100, y: -60 }, size);
    // A point at 400 on the old screen is at 400 + MARGIN_PX in the picture.
    const put = (near?.x ?? 0) + (near?.k ?? 0) * (400 + MARGIN_PX) - MARGIN_PX;
    expect(put).toBeCloseTo(1.25 * 400 - 100, 9);
    expect(moved(still, { k: 1.6, x: -200, y: -150 }, size)).toBeUndefined();
    expect(moved(still, { k: 0.6, x: 160, y: 100 }, size)).toBeUndefined();
  });

  it("is drawn anew for every frame only where that was quick", () => {
    const pace = new Pace();
    expect(pace.isQuick).toBe(false);
    for (let frame = 0; frame < 10; frame += 1) pace.drew(17);
    expect(pace.isQuick).toBe(true);
    for (let frame = 0; frame < 10; frame += 1) pace.drew(60);
    expect(pace.isQuick).toBe(false);
  });
});
