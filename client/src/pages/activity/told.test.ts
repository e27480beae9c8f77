import { expect, it } from "vitest";
import { MOST_SHOWN, NOTHING, resumed, type Told, taken } from "./told";

type Item = { cursor: string };
const item = (cursor: number): Item => ({ cursor: String(cursor) });
const cursors = (items: Told<Item>["shown"]) => items.map(({ cursor }) => cursor);

it("shows the newest first, each once", () => {
  let told: Told<Item> = NOTHING;
  for (const cursor of [1, 2, 2, 3]) told = taken(told, item(cursor), false);
  expect(cursors(told.shown)).toEqual(["3", "2", "1"]);
});

it("holds back while it is paused, and loses nothing", () => {
  let told: Told<Item> = taken(NOTHING, item(1), false);
  told = taken(told, item(2), true);
  told = taken(told, { gap: true, cursor: "3" }, true);
  expect(cursors(told.shown)).toEqual(["1"]);
  expect(cursors(told.held)).toEqual(["3", "2"]);
  told = resumed(told);
  expect(cursors(told.shown)).toEqual(["3", "2", "1"]);
  expect(told.held).toEqual([]);
});

it("shows no more than can be read", () => {
  let told: Told<Item> = NOTHING;
  for (let cursor = 0; cursor <= MOST_SHOWN; cursor++) told = taken(told, item(cursor), false);
  expect(told.shown).toHaveLength(MOST_SHOWN);
  expect(told.shown[0]).toEqual(item(MOST_SHOWN));
});
