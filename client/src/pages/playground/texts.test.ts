import { describe, expect, it } from "vitest";
import { MOST_CHARACTERS, textsOf } from "./texts";

const texts = (written: string, kind: "TEXT" | "SEQUENCE" = "TEXT", isLineEach = true) =>
  textsOf(written, kind, isLineEach).texts;

describe("the texts in the box", () => {
  it("are its lines, without empty ones and repetitions", () => {
    expect(texts(" lost card \r\n\n\nfee?\nlost card\n")).toEqual(["lost card", "fee?"]);
    expect(texts("  \n ")).toEqual([]);
  });

  it("are one text where lines are not told apart", () => {
    expect(texts("Dear all,\n\nmy card is lost.\n", "TEXT", false)).toEqual([
      "Dear all,\n\nmy card is lost.",
    ]);
  });

  it("are FASTA records whole, FASTQ records whole, or plain sequences", () => {
    expect(texts(">a\nACGT\nAC\n\n>b\nGG", "SEQUENCE")).toEqual([">a\nACGT\nAC", ">b\nGG"]);
    expect(texts("@r1\nACGT\n+\nIIII\n@r2\nGG\n+\n@I", "SEQUENCE")).toEqual([
      "@r1\nACGT\n+\nIIII",
      "@r2\nGG\n+\n@I",
    ]);
    expect(texts("ACGT\nGGCC", "SEQUENCE")).toEqual(["ACGT", "GGCC"]);
    expect(texts("ACGT\n>b\nGG", "SEQUENCE")).toEqual(["ACGT", ">b\nGG"]);
  });

  it("are as many and as long as the server takes; the others are counted", () => {
    const written = Array.from({ length: 1_203 }, (_, at) => `text ${at}`);
    const found = textsOf([...written, "💳".repeat(MOST_CHARACTERS + 1)].join("\n"), "TEXT", true);
    expect(found.texts).toHaveLength(1_000);
    expect(found).toMatchObject({ tooLong: 1, tooMany: 203 });
    expect(texts("💳".repeat(MOST_CHARACTERS))).toHaveLength(1);
  });
});
