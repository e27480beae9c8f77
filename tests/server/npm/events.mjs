// A subscription by graphql-sse's own client, one connection each: one line of JSON on stdout.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../client/package.json", import.meta.url));
const { createClient } = require("graphql-sse");
const [url, token, query, most] = process.argv.slice(2);

const seen = { results: [], error: null };
const client = createClient({
  url,
  retryAttempts: 0,
  headers: token ? { authorization: `Bearer ${token}` } : {},
});
try {
  for await (const result of client.iterate({ query })) {
    seen.results.push(result);
    if (seen.results.length === Number(most)) break;
  }
} catch (error) {
  seen.error = { status: error.response?.status, message: error.message };
}
client.dispose();
console.log(JSON.stringify(seen));
process.exit(0);
