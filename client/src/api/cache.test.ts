import { gql } from "@apollo/client";
import { expect, it } from "vitest";
import { createCache } from "./cache";

const JOBS = gql`
  query Jobs($after: String, $status: String) {
    jobs(first: 2, after: $after, filter: { status: $status }) { nodes { id } }
  }
`;
const page = (...ids: string[]) => ({
  jobs: { __typename: "JobConnection", nodes: ids.map((id) => ({ __typename: "Job", id })) },
});

it("puts a further page behind the first, and begins anew without a cursor", () => {
  const cache = createCache();
  const ids = (variables = {}) =>
    cache
      .readQuery<{ jobs: { nodes: { id: string }[] } }>({ query: JOBS, variables })
      ?.jobs.nodes.map(({ id }) => id);
  cache.writeQuery({ query: JOBS, data: page("1", "2") });
  cache.writeQuery({ query: JOBS, variables: { after: "x" }, data: page("3") });
  expect(ids()).toEqual(["1", "2", "3"]);
  cache.writeQuery({ query: JOBS, variables: { status: "FAILED" }, data: page("2") });
  expect(ids({ status: "FAILED" })).toEqual(["2"]);
  cache.writeQuery({ query: JOBS, data: page("4", "1") });
  expect(ids()).toEqual(["4", "1"]);
});
