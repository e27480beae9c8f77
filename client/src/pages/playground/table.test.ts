import Papa from "papaparse";
import { describe, expect, it } from "vitest";
import { tableOf } from "./table";

const row = (text: string, label = "fee") => ({
  text,
  answer: {
    label,
    probability: 0.75,
    decision: "ANSWER" as const,
    predictionSet: [label, "refund"],
    cluster: { name: "card, fee" },
  },
});

describe("answers as CSV", () => {
  it("come back as they were, with commas, quotes and line breaks", () => {
    const texts = ['a "quoted", text', "two\nlines", "💳; tab\there", ""];
    const { data } = Papa.parse<string[]>(tableOf(texts.map((text) => row(text))));
    expect(data[0]).toEqual([
      "text",
      "label",
      "probability",
      "decision",
      "prediction_set",
      "cluster",
    ]);
    expect(data.slice(1).map(([text]) => text)).toEqual(texts);
    expect(data[1]?.slice(1)).toEqual(["fee", "0.75", "ANSWER", "fee | refund", "card, fee"]);
  });

  it("hold no formula", () => {
    const nasty = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1"];
    const { data } = Papa.parse<string[]>(tableOf(nasty.map((text) => row(text, text))));
    expect(data.slice(1).map(([text]) => text)).toEqual(nasty.map((text) => `'${text}`));
    expect(data.slice(1).every(([, label]) => label?.startsWith("'"))).toBe(true);
  });
});
