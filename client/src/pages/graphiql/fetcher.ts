import { createGraphiQLFetcher } from "@graphiql/toolkit";
import { createClient } from "graphql-ws";
import { apiKey } from "../../api/apiKey";
import { bearer } from "./caller";

const url = new URL("/graphql", location.href);
const socketUrl = new URL(url);
socketUrl.protocol = url.protocol.replace("http", "ws");

const socket = createClient({
  url: socketUrl.href,
  connectionParams: async () => ({ authorization: `Bearer ${await bearer()}` }),
});

// What is followed goes on in the name of whoever asks now: the socket connects anew.
apiKey.subscribe(() => socket.terminate());

/** Operations over HTTP, subscriptions over one WebSocket, in the name of who asks at that moment. */
export const fetcher = createGraphiQLFetcher({
  url: url.href,
  enableIncrementalDelivery: false,
  fetch: async (input, init) => {
    const headers = new Headers(init?.headers);
    if (!headers.has("authorization")) headers.set("authorization", `Bearer ${await bearer()}`);
    return fetch(input, { ...init, headers });
  },
  wsClient: socket,
});
