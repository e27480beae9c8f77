import { describe, expect, it } from "vitest";
import { fill, idsFrom, type Source } from "./fill";

const SOURCES: Record<string, Source> = {
  jobId: { at: "jobs.nodes.0.id", else: "job_…" },
  undoToken: { answered: "undoToken", else: "none yet" },
};

describe("an example's variables", () => {
  it("get the ids of what is newest", () => {
    const ids = idsFrom(SOURCES, { jobs: { nodes: [{ id: "job_1" }] } }, []);
    expect(fill({ input: { ids: ["$jobId"], topK: 2, none: null } }, ids)).toEqual({
      input: { ids: ["job_1"], topK: 2, none: null },
    });
  });

  it("get what an answer gave, the latest one that has it", () => {
    const answers = [
      "",
      '{"undoToken": null}',
      '{\n "undoToken": "und_2"\n}',
      '{"undoToken":"und_1"}',
    ];
    expect(fill("$undoToken", idsFrom(SOURCES, undefined, answers))).toBe("und_2");
  });

  it("show what is missing when there is nothing yet", () => {
    const ids = idsFrom(SOURCES, { jobs: { nodes: [] } }, []);
    expect(fill(["$jobId", "$undoToken"], ids)).toEqual(["job_…", "none yet"]);
  });

  it("keep texts that only look like one", () => {
    expect(fill(["$5 off", "$other", "$toString"], idsFrom(SOURCES, null, []))).toEqual([
      "$5 off",
      "$other",
      "$toString",
    ]);
  });
});
