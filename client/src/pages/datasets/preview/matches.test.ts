import { expect, it } from "vitest";
import { pieces } from "./matches";

const told = (text: string, ...matches: [number, number][]) =>
  pieces(
    text,
    matches.map(([start, end]) => ({ start, end })),
  ).map(({ text: piece, isMatch }) => (isMatch ? `[${piece}]` : piece));

it("cuts a text at its matches, by characters", () => {
  expect(told("my lost card", [8, 12])).toEqual(["my lost ", "[card]"]);
  expect(told("😀 card lost", [7, 11], [2, 6])).toEqual(["😀 ", "[card]", " ", "[lost]"]);
});

it("leaves a text without matches whole, and joins those that overlap", () => {
  expect(told("card")).toEqual(["card"]);
  expect(told("credit card", [0, 11], [7, 11])).toEqual(["[credit card]"]);
});
