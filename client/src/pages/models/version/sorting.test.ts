import { describe, expect, it } from "vitest";
import { orderOf, orderText, pressed, sorted } from "./sorting";

const COLUMNS = ["label", "f1"] as const;
const USUAL = { by: "f1", isDown: false } as const;

describe("a table's order", () => {
  it("comes from the address and goes there", () => {
    expect(orderOf("-label", COLUMNS, USUAL)).toEqual({ by: "label", isDown: true });
    expect(orderText({ by: "label", isDown: true })).toBe("-label");
    expect(orderOf(null, COLUMNS, USUAL)).toBe(USUAL);
    expect(orderOf("nonsense", COLUMNS, USUAL)).toBe(USUAL);
  });

  it("turns when its column is pressed again", () => {
    const once = pressed(USUAL, "label", true);
    expect(once).toEqual({ by: "label", isDown: false });
    expect(pressed(once, "label", true)).toEqual({ by: "label", isDown: true });
    expect(pressed(once, "f1", false)).toEqual({ by: "f1", isDown: true });
  });

  it("sorts figures as figures and names as people do", () => {
    const rows = [
      { label: "item 10", f1: 0.9 },
      { label: "item 9", f1: 0.1 },
      { label: "item 1", f1: 0.1 },
    ];
    const names = (isDown: boolean) =>
      sorted(rows, { by: "label", isDown }).map(({ label }) => label);
    expect(names(false)).toEqual(["item 1", "item 9", "item 10"]);
    expect(names(true)).toEqual(["item 10", "item 9", "item 1"]);
    expect(sorted(rows, USUAL).map(({ label }) => label)).toEqual(["item 9", "item 1", "item 10"]);
  });
});
