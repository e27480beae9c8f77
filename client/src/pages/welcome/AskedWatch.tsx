import { useQuery } from "@apollo/client/react";
import { graphql } from "../../gql";

const ASKED = graphql(`
  query WelcomeAsked { predictions(first: 1) { nodes { id } } }
`);

const PAUSE_MS = 2_000;

/** Answers are logged a moment after they were given: until the first is there it is looked for. */
export function AskedWatch() {
  useQuery(ASKED, { fetchPolicy: "network-only", pollInterval: PAUSE_MS });
  return null;
}
