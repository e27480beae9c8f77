import { readFileSync } from "node:fs";
import { buildSchema, parse, validate } from "graphql";
import { describe, expect, it } from "vitest";
import { documentProblem, variablesOf } from "./documentProblem";
import { examples } from "./examples";

const schema = buildSchema(
  readFileSync(new URL("../../../../schema/schema.graphql", import.meta.url), "utf8"),
);

describe("a webhook's document", () => {
  it("says where it cannot be read", () => {
    expect(documentProblem("")).toBe("A webhook needs a subscription.");
    expect(documentProblem("subscription {\n  activity {")).toMatch(/^Line 2, column \d+: Syntax/);
  });

  it("must be one subscription to one feed, without a cursor", () => {
    expect(documentProblem("{ viewer { scopes } }")).toBe("It must be a subscription.");
    expect(documentProblem("subscription { system { at } }")).toMatch(/^It must ask for one of/);
    expect(documentProblem("subscription A { activity { cursor } } query B { a }")).toBe(
      "It must have one operation.",
    );
    expect(documentProblem('subscription { activity(after: "1-0") { __typename } }')).toMatch(
      /^Leave `after` out/,
    );
  });

  it("is good, and fits the schema, in all examples", () => {
    for (const { document, variables } of examples({ modelId: "mdl_1", datasetId: undefined })) {
      expect(documentProblem(document)).toBeUndefined();
      expect(validate(schema, parse(document))).toEqual([]);
      expect(variablesOf(variables)).toHaveProperty("variables");
    }
  });
});

it("takes variables that are an object, and nothing as none", () => {
  expect(variablesOf(" ")).toEqual({ variables: {} });
  expect(variablesOf('{"id": "mdl_1"}')).toEqual({ variables: { id: "mdl_1" } });
  expect(variablesOf("[1]")).toHaveProperty("problem");
  expect(variablesOf('{"id": ')).toHaveProperty("problem");
});
