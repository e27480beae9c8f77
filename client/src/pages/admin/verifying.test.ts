import { expect, it } from "vitest";
import { MOST, type Part, verified } from "./verifying";

const whole = (checked: number, number: number): Part => ({
  checked,
  last: { number, hash: `h${number}` },
  brokenAt: null,
  why: "",
});

/** Gives the parts one after the other, and keeps what was asked. */
function log(...parts: Part[]) {
  const asked: (number | null)[] = [];
  const ask = async (after: number | null): Promise<Part> => {
    asked.push(after);
    const part = parts.shift();
    if (!part) throw new Error("asked once too often");
    return part;
  };
  return { ask, asked };
}

it("goes on behind a full part, to the end", async () => {
  const { ask, asked } = log(whole(MOST, MOST), whole(5, MOST + 5));
  const progress: number[] = [];
  const verdict = await verified(ask, (checked) => progress.push(checked));
  expect(verdict).toEqual({
    checked: MOST + 5,
    last: { number: MOST + 5, hash: `h${MOST + 5}` },
    brokenAt: null,
    why: "",
  });
  expect(asked).toEqual([null, MOST]);
  expect(progress).toEqual([MOST, MOST + 5]);
});

it("keeps the last entry when the log ends with a full part", async () => {
  const { ask } = log(whole(MOST, 7), { checked: 0, last: null, brokenAt: null, why: "" });
  expect((await verified(ask, () => {})).last).toEqual({ number: 7, hash: "h7" });
});

it("stops where something is wrong", async () => {
  const { ask } = log({ ...whole(MOST, 9), brokenAt: 4, why: "its hash is another" });
  const { brokenAt, why } = await verified(ask, () => {});
  expect([brokenAt, why]).toEqual([4, "its hash is another"]);
});
