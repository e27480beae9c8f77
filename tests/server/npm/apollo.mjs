// A query, then a subscription over HTTP, by Apollo Client: one line of JSON on stdout.
import { createRequire } from "node:module";

const require = createRequire(new URL("../../../client/package.json", import.meta.url));
const { ApolloClient, gql, HttpLink, InMemoryCache } = require("@apollo/client");
const [url, token, query, most] = process.argv.slice(2);

const headers = { authorization: `Bearer ${token}` };
const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: new HttpLink({ uri: url, headers }),
});
const seen = { query: null, get: null, results: [], error: null };
const EMAIL = gql`query Email { viewer { user { email } } }`;
seen.query = (await client.query({ query: EMAIL })).data;
const byGet = { fetchPolicy: "no-cache", context: { fetchOptions: { method: "GET" } } };
seen.get = (await client.query({ query: EMAIL, ...byGet })).data;
await new Promise((done) => {
  client.subscribe({ query: gql(query) }).subscribe({
    next: ({ data, error }) => {
      if (error) {
        seen.error = { name: error.name, messages: error.errors?.map((each) => each.message) };
        return;
      }
      seen.results.push(data);
      if (seen.results.length === Number(most)) done();
    },
    error: (error) => {
      seen.error = { name: error.name, message: error.message };
      done();
    },
    complete: done,
  });
});
console.log(JSON.stringify(seen));
process.exit(0);
