// A subscription by graphql-ws's own client; one line of JSON with what it saw, told on stdout.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../client/package.json", import.meta.url));
const { createClient } = require("graphql-ws");
const [url, token, query, most] = process.argv.slice(2);

const seen = { results: [], opened: 0, closes: [], pongs: 0, error: null };
const client = createClient({
  url,
  webSocketImpl: WebSocket,
  connectionParams: token ? { authorization: `Bearer ${token}` } : {},
  keepAlive: 50,
  retryAttempts: 2,
  retryWait: () => new Promise((done) => setTimeout(done, 20)),
  on: {
    opened: () => (seen.opened += 1),
    closed: ({ code }) => seen.closes.push(code),
    pong: () => (seen.pongs += 1),
  },
});

const results = client.iterate({ query });
try {
  for await (const result of results) {
    seen.results.push(result);
    if (seen.results.length === Number(most)) {
      if (seen.pongs === 0) await new Promise((done) => client.on("pong", done));
      break;
    }
  }
} catch (error) {
  seen.error = Array.isArray(error) ? error : { code: error.code, reason: error.reason };
}
await client.dispose();
console.log(JSON.stringify(seen));
process.exit(0);
