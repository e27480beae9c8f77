import { CloseCode, createClient } from "graphql-ws";
import { session } from "./session";

const url = new URL("/graphql", location.href);
url.protocol = url.protocol.replace("http", "ws");

/** One WebSocket for all feeds of the page. Each feed goes on by itself, from its own cursor. */
export const socket = createClient({
  url: url.href,
  retryAttempts: 0,
  connectionParams: async () => ({ authorization: `Bearer ${await session.token()}` }),
  on: {
    // The token ran out or was revoked while the socket was open: a new one, or the way to the door.
    closed: (event) => {
      const { code } = event as CloseEvent;
      if (code === CloseCode.Forbidden || code === CloseCode.Unauthorized) session.refresh();
    },
  },
});
