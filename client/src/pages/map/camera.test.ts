import { describe, expect, it } from "vitest";
import { around, cameraAt, cameraOn, placeOf, seen, squareOf, toMap, toScreen } from "./camera";

const bounds = { minX: -40, minY: 10, maxX: 60, maxY: 60 };
const square = squareOf(bounds);
const size = { width: 800, height: 500 };

describe("the camera", () => {
  it("finds back from the screen to the map, with up being up", () => {
    const camera = { k: 2.5, x: -70, y: 33 };
    const [px, py] = toScreen(camera, square, 12, 34);
    const [x, y] = toMap(camera, square, px, py);
    expect([x, y]).toEqual([expect.closeTo(12, 9), expect.closeTo(34, 9)]);
    expect(toScreen(camera, square, 12, 35)[1]).toBeLessThan(py);
  });

  it("is the same after its place went through an address", () => {
    const camera = { k: 3, x: -100, y: -50 };
    const again = cameraAt(placeOf(camera, square, size), square, size);
    expect(again).toEqual({
      k: expect.closeTo(3, 9),
      x: expect.closeTo(-100, 6),
      y: expect.closeTo(-50, 6),
    });
  });

  it("shows all of what it is put on, in the middle", () => {
    const view = seen(cameraOn(bounds, square, size), square, size);
    expect(view.minX).toBeLessThan(bounds.minX);
    expect(view.maxY).toBeGreaterThan(bounds.maxY);
    expect((view.minX + view.maxX) / 2).toBeCloseTo(10, 6);
    expect((view.minY + view.maxY) / 2).toBeCloseTo(35, 6);
  });

  it("can be put on a single point", () => {
    const point = { minX: 5, minY: 20, maxX: 5, maxY: 20 };
    expect(Number.isFinite(cameraOn(point, square, size).k)).toBe(true);
    expect(squareOf(point).edge).toBe(1);
  });

  it("joins bounds", () => {
    expect(around([])).toBeUndefined();
    expect(around([bounds, { minX: 0, minY: -5, maxX: 70, maxY: 0 }])).toEqual({
      minX: -40,
      minY: -5,
      maxX: 70,
      maxY: 60,
    });
  });
});
