import { afterEach, describe, expect, it, vi } from "vitest";
import { headOfFile, tableOf } from "./firstRows";

afterEach(() => vi.unstubAllGlobals());

describe("how a file of answers begins", () => {
  it("is read from CSV with quotes and line breaks", () => {
    const text = 'row,text,label\n0,"two\nlines, ""quoted""",fee\n1,x,refund\n';
    expect(tableOf(text, "CSV")).toEqual({
      columns: ["row", "text", "label"],
      rows: [
        ["0", 'two\nlines, "quoted"', "fee"],
        ["1", "x", "refund"],
      ],
    });
  });

  it("is read from JSON lines, lists and all", () => {
    const text = '{"row":0,"label":"fee","scores":[{"label":"fee"}]}\n{"row":1,"cluster":null}\n';
    expect(tableOf(text, "JSONL")).toEqual({
      columns: ["row", "label", "scores", "cluster"],
      rows: [
        ["0", "fee", '[{"label":"fee"}]', ""],
        ["1", "", "", ""],
      ],
    });
  });

  it("shows ten rows at most", () => {
    const lines = Array.from({ length: 50 }, (_, row) => `{"row":${row}}`).join("\n");
    expect(tableOf(lines, "JSONL").rows).toHaveLength(10);
  });

  it("is fetched no further than needed, without the line that is cut", async () => {
    let given = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        given += 1;
        controller.enqueue(new TextEncoder().encode(`${"x".repeat(9_999)}\n`));
      },
    });
    vi.stubGlobal("fetch", async () => new Response(endless));
    const head = await headOfFile("/file");
    expect(head.endsWith("x\n")).toBe(true);
    expect(given).toBeLessThan(20);
  });

  it("says so when the link is over", async () => {
    vi.stubGlobal("fetch", async () => new Response("", { status: 403 }));
    await expect(headOfFile("/file")).rejects.toThrow("403");
  });
});
