import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { HEAD_BYTES, type Head, headOf, readHead, type TableHead } from "./head";
import { checked, guessed } from "./mapping";
import { pastedRows } from "./pasted";

const BOM = "\ufeff";

function tableOf(head: Head): TableHead {
  if (head.kind !== "table") throw new Error(`not a table: ${head.says}`);
  return head;
}

describe("the head of a file", () => {
  it("reads quoted CSV with line breaks and another delimiter", () => {
    const head = tableOf(headOf("a.csv", 'text;label\n"one;\ntwo";x\nthree;y\n', true));
    expect(head.columns).toEqual(["text", "label"]);
    expect(head.delimiter).toBe(";");
    expect(head.rows).toEqual([
      { text: "one;\ntwo", label: "x" },
      { text: "three", label: "y" },
    ]);
  });

  it("takes the delimiter that is asked for", () => {
    const head = tableOf(headOf("a.csv", "text|a,label\none|b,x\n", true, "|"));
    expect(head.columns).toEqual(["text", "a,label"]);
  });

  it("names the columns of a table without a header as the server does", () => {
    const head = tableOf(headOf("a.tsv", "How are you?\tgreeting\nWhere is it?\tplace\n", true));
    expect(head.columns).toEqual(["column_1", "column_2"]);
    expect(head.rows).toHaveLength(2);
  });

  it("leaves out the last line when the file goes on", () => {
    expect(tableOf(headOf("a.csv", "text,label\na,x\nb,", false)).rows).toEqual([
      { text: "a", label: "x" },
    ]);
  });

  it("passes over a byte order mark", async () => {
    const head = tableOf(await readHead(new File([`${BOM}text,label\na,x\n`], "a.csv")));
    expect(head.columns).toEqual(["text", "label"]);
  });

  it("reads JSON lines, those that are broken aside", () => {
    const text = '{"body":"a","tag":"x"}\n{broken\n{"body":"b","n":1,"list":[1]}\n';
    const head = tableOf(headOf("a.jsonl", text, true));
    expect(head.columns).toEqual(["body", "tag", "n", "list"]);
    expect(head.rows[1]).toEqual({ body: "b", n: "1", list: "[1]" });
  });

  it("takes a text file line by line", () => {
    expect(tableOf(headOf("a.txt", "one, two\nthree\n", true)).columns).toEqual(["text"]);
  });

  it("leaves sequences, Parquet, arrays and other encodings to the server", async () => {
    const formats = await Promise.all([
      readHead(new File([">seq1\nACGT\n"], "a.fasta")),
      readHead(new File(["@read\nACGT\n+\nIIII\n"], "a.fq")),
      readHead(new File(["PAR1...."], "a.parquet")),
      readHead(new File(['[\n {"text": "a"}]'], "a.json")),
      readHead(new File([new Uint8Array([0xcf, 0xf0, 0xe8, 0x2c, 0x31])], "a.csv")),
    ]);
    expect(formats.map((head) => head.kind === "server" && head.format)).toEqual([
      "FASTA",
      "FASTQ",
      "PARQUET",
      null,
      null,
    ]);
  });

  it("looks into gzip, also where the head breaks off within it", async () => {
    const rows = Array.from({ length: 200_000 }, (_, at) => `text ${(at * 7919) % 104729},l\n`);
    const file = new File([gzipSync(`text,label\n${rows.join("")}`)], "a.csv.gz");
    expect(file.size).toBeGreaterThan(HEAD_BYTES);
    expect(tableOf(await readHead(file)).columns).toEqual(["text", "label"]);
    await expect(readHead(new File([new Uint8Array([0x1f, 0x8b, 9])], "b.gz"))).rejects.toThrow();
  });

  it("refuses an empty file", async () => {
    await expect(readHead(new File([], "a.csv"))).rejects.toThrow("The file is empty.");
  });
});

describe("the mapping of columns", () => {
  const table = (columns: string[], ...cells: string[][]): TableHead => ({
    kind: "table",
    format: "CSV",
    delimiter: ",",
    columns,
    rows: cells.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? ""]))),
  });

  it("is guessed by usual names", () => {
    expect(guessed(table(["id", "Category", "Text", "split"]))).toEqual({
      text: "Text",
      label: "Category",
      split: "split",
    });
  });

  it("is guessed by what the columns hold", () => {
    const head = table(
      ["a", "b", "c"],
      ["1", "it rains a lot today", "weather"],
      ["2", "the sun shines", "weather"],
      ["3", "prices rise again", "money"],
      ["4", "prices fall", "money"],
    );
    expect(guessed(head)).toEqual({ text: "b", label: "c", split: null });
  });

  it("is refused without a text, and with one column for two things", () => {
    const head = table(["a", "b"], ["x", "y"]);
    expect(checked(head, { text: null, label: "b", split: null })[0]?.tone).toBe("bad");
    expect(checked(head, { text: "a", label: "a", split: null })[0]?.tone).toBe("bad");
    expect(checked(head, { text: "gone", label: null, split: null })[0]?.tone).toBe("bad");
  });

  it("warns of ids as labels, of empty texts and of rows without a label", () => {
    const ids = table(["t", "id"], ...Array.from({ length: 30 }, (_, at) => ["word", `id${at}`]));
    const said = checked(ids, { text: "t", label: "id", split: null }).map((each) => each.message);
    expect(said[0]).toContain("Is it an id?");
    const holes = table(["t", "l"], ["", "x"], ["word", ""]);
    const tones = checked(holes, { text: "t", label: "l", split: null }).map((each) => each.tone);
    expect(tones).toEqual(["warn", "warn", "good"]);
  });
});

describe("pasted rows", () => {
  it("are lines, or text and label with a tab between", () => {
    expect(pastedRows("one\n\n two \n")).toEqual([
      { text: "one", label: null },
      { text: "two", label: null },
    ]);
    expect(pastedRows("I want my money back\trefund\nWhere is my parcel?\tdelivery")).toEqual([
      { text: "I want my money back", label: "refund" },
      { text: "Where is my parcel?", label: "delivery" },
    ]);
  });
});
