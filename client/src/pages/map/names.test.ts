import { describe, expect, it } from "vitest";
import { type Name, placeNames, shorten } from "./names";

const size = { width: 600, height: 400 };
const name = (id: string, x: number, y: number, weight: number, isGroup = false): Name => ({
  id,
  text: `name ${id}`,
  x,
  y,
  weight,
  isGroup,
});
const ids = (names: Name[], nearness = 1) => placeNames(names, size, nearness).map(({ id }) => id);

describe("names on the map", () => {
  it("leaves out the smaller of two that would lie over each other", () => {
    expect(ids([name("small", 300, 200, 5), name("large", 310, 205, 50)])).toEqual(["large"]);
    expect(ids([name("small", 300, 200, 5), name("large", 310, 240, 50)])).toEqual([
      "large",
      "small",
    ]);
  });

  it("shows groups from afar and clusters from near", () => {
    const names = [name("group", 300, 200, 90, true), name("cluster", 100, 100, 40)];
    expect(ids(names, 1)).toEqual(["group"]);
    expect(ids(names, 4)).toEqual(["cluster"]);
    expect(ids(names.slice(1), 1)).toEqual(["cluster"]);
  });

  it("keeps to what is seen, and every name whole on the map", () => {
    expect(ids([name("off", -5, 200, 9)])).toEqual([]);
    const [corner] = placeNames([name("corner", 599, 399, 9)], size, 1);
    expect(corner?.left).toBeLessThan(540);
    expect(corner?.left).toBeGreaterThan(400);
    expect(corner?.top).toBeLessThanOrEqual(378);
    expect(placeNames([name("top", 0, 0, 9)], size, 1)).toEqual([{ id: "top", left: 0, top: 0 }]);
  });

  it("is never a thicket", () => {
    const many = Array.from({ length: 400 }, (_, n) =>
      name(`${n}`, 10 + (n % 20) * 290, 10 + n * 0.97, n),
    );
    expect(ids(many).length).toBeLessThanOrEqual(40);
  });

  it("shortens what is long", () => {
    expect(shorten("x".repeat(28))).toHaveLength(28);
    expect(shorten("x".repeat(29))).toBe(`${"x".repeat(27)}…`);
  });
});
