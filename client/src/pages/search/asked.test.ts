import { describe, expect, it } from "vitest";
import { askedOf } from "./asked";

const asked = (search: string) => askedOf(new URLSearchParams(search));

describe("what is searched for", () => {
  it("is the text of the address, with its filter", () => {
    expect(asked("q=+lost%20card+&mode=KEYWORD&label=fee&label=refund&split=train")).toEqual({
      text: "lost card",
      row: null,
      mode: "KEYWORD",
      filter: { labels: ["fee", "refund"], splits: ["train"] },
    });
  });

  it("is nothing for an empty box, and by both for an unknown mode", () => {
    expect(asked("q=%20&mode=odd")).toEqual({ text: null, row: null, mode: "HYBRID", filter: {} });
  });

  it("is a row before it is a text, if the row is a number", () => {
    expect(asked("q=x&row=12")).toMatchObject({ text: null, row: 12 });
    expect(asked("q=x&row=-1")).toMatchObject({ text: "x", row: null });
  });
});
