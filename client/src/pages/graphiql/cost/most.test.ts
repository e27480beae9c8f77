import { readFileSync } from "node:fs";
import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { mostOf } from "./most";

const SDL = readFileSync("../schema/schema.graphql", "utf8");
const schema = buildSchema(SDL, { assumeValidSDL: true });
const most = (text: string, variables = {}, name?: string) => mostOf(schema, text, variables, name);

describe("what an operation may cost", () => {
  it("is at least a point", () => {
    expect(most("{ __typename }")).toBe(1);
  });

  it("counts an object with an id, and the items of a page", () => {
    expect(most('{ job(id: "job_1") { id status } }')).toBe(1);
    expect(most("{ jobs(first: 5) { nodes { id } } }")).toBe(5);
    expect(most("{ jobs { nodes { id } } }")).toBe(20);
    expect(most("{ jobs(first: 5) { edges { node { id } } totalCount } }")).toBe(6);
    expect(most("{ jobs(first: 100000) { nodes { id } } }")).toBe(100);
  });

  it("multiplies pages within pages, by variables and their defaults", () => {
    const text = `query ($n: Int = 3) {
      models(first: $n) { nodes { versions(first: 2) { nodes { id } } } }
    }`;
    expect(most(text)).toBe(3 + 3 * 2);
    expect(most(text, { n: 10 })).toBe(10 + 10 * 2);
  });

  it("counts what is sent along", () => {
    const text =
      "query ($input: PredictInput!) { predict(input: $input) { predictions { label } } }";
    const one = most(text, { input: { model: "m", texts: ["a"] } });
    const five = most(text, { input: { model: "m", texts: ["a", "b", "c", "d", "e"] } });
    expect(one).toBe(1 + 1 + 1);
    expect(five).toBe(1 + 5 + 5);
  });

  it("counts a fragment where it is spread, and a field that is asked twice once", () => {
    const text = `{ a: job(id: "1") { ...f } a: job(id: "1") { id } }
      fragment f on Job { id dataset { id } }`;
    expect(most(text)).toBe(2);
  });

  it("is of the operation that is meant", () => {
    const text =
      "query A { jobs { nodes { id } } } mutation B { signOutEverywhere { userErrors { code } } }";
    expect(most(text, {}, "A")).toBe(20);
    expect(most(text, {}, "B")).toBe(10);
  });

  it("is not told of what is not valid", () => {
    expect(most("{ jobs {")).toBeUndefined();
    expect(most("{ nothing }")).toBeUndefined();
    expect(most("{ jobs { ...f } } fragment f on JobConnection { ...f }")).toBeUndefined();
    expect(most("")).toBeUndefined();
  });
});
