import { type FieldPolicy, InMemoryCache, type Reference } from "@apollo/client";
import introspected from "../gql/possibleTypes";

/** Lists that are read page by page. Those of other names show one page, as it was asked for. */
const PAGED: Record<string, readonly string[]> = {
  Query: [
    "auditLog",
    "datasets",
    "invitations",
    "jobs",
    "models",
    "predictions",
    "bulkPredictions",
    "trash",
    "users",
    "webhooks",
  ],
  DatasetVersion: ["rowList", "findings"],
  Webhook: ["deliveries"],
};

interface Connection {
  nodes?: readonly Reference[];
}

export function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: introspected.possibleTypes,
    typePolicies: {
      ...Object.fromEntries(
        Object.entries(PAGED).map(([type, names]) => [
          type,
          { fields: Object.fromEntries(names.map((name) => [name, PAGES])) },
        ]),
      ),
      // It has no id: its lists grow within the version that it belongs to.
      VersionDiff: { merge: true, fields: { changes: PAGES } },
      // A cluster has the same id in every version, and is another in each.
      MapCluster: { keyFields: false },
      ClusterMap: { merge: true },
      // There is one of each: what a feed brings replaces what a query read.
      System: { keyFields: [] },
      Viewer: { keyFields: [], fields: { apiKeys: PAGES, sessions: PAGES } },
      RateLimit: { keyFields: [] },
      Queue: { keyFields: ["name"] },
      Service: { keyFields: ["name"] },
      // Told once and shown; were they kept, a page that stays open would only ever grow.
      ActivityEvent: { keyFields: false },
      LogLine: { keyFields: false },
    },
  });
}

/** A page that begins behind a cursor is put behind what is there; any other begins anew. */
export const PAGES: FieldPolicy<Connection> = {
  keyArgs: (args) => {
    const { first: _first, after: _after, ...rest } = args ?? {};
    return JSON.stringify(rest);
  },
  merge: (before, page, { args }) =>
    args?.["after"] ? { ...page, nodes: [...(before?.nodes ?? []), ...(page.nodes ?? [])] } : page,
};
