import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { createClient } from "graphql-ws";
import { session } from "../../api/session";

/** Operations over HTTP, subscriptions over one WebSocket, each with a fresh token. */
export function createFetcher(): Fetcher {
  const url = new URL("/graphql", location.href);
  const socketUrl = new URL(url);
  socketUrl.protocol = url.protocol.replace("http", "ws");
  return createGraphiQLFetcher({
    url: url.href,
    enableIncrementalDelivery: false,
    fetch: async (input, init) => {
      const headers = new Headers(init?.headers);
      if (!headers.has("authorization")) {
        headers.set("authorization", `Bearer ${await session.token()}`);
      }
      return fetch(input, { ...init, headers });
    },
    wsClient: createClient({
      url: socketUrl.href,
      connectionParams: async () => ({ authorization: `Bearer ${await session.token()}` }),
    }),
  });
}
