import { InMemoryCache } from "@apollo/client";
import { relayStylePagination } from "@apollo/client/utilities";
import introspected from "../gql/possibleTypes";

/** Lists that are paged; `first` and `after` are not part of what they list. */
const lists = {
  Query: [
    "datasets",
    "jobs",
    "models",
    "users",
    "invitations",
    "predictions",
    "bulkPredictions",
    "events",
    "trash",
  ],
  Job: ["log"],
} as const;

export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: introspected.possibleTypes,
    typePolicies: Object.fromEntries(
      Object.entries(lists).map(([type, fields]) => [
        type,
        { fields: Object.fromEntries(fields.map((name) => [name, relayStylePagination(notPage)])) },
      ]),
    ),
  });
}

/** What tells one list from another: every argument but those that say which page. */
function notPage(args: Record<string, unknown> | null): string {
  const { first: _first, after: _after, ...rest } = args ?? {};
  return JSON.stringify(rest);
}
