import { OperationTypeNode } from "graphql";
import { kindOf } from "./operation";
import { type ApiRequest, KEY_NAME } from "./request";

/** TypeScript with Apollo Client 4. */
export function apolloOf({ url, document, variables }: ApiRequest): string {
  const kind = kindOf(document);
  const follows = kind === OperationTypeNode.SUBSCRIPTION;
  const asked = kind === OperationTypeNode.MUTATION ? "mutation" : "query";
  return `${follows ? overSocket(url) : overHttp(url)}
${BEFORE[kind]}({
  ${asked}: gql\`
${indented(inTemplate(document.trim()), "    ")}
  \`,
  variables: ${indented(JSON.stringify(variables, null, 2), "  ").trimStart()},
})${follows ? ".subscribe(({ data }) => console.log(data));" : ";\nconsole.log(data);"}
`;
}

const BEFORE: Record<OperationTypeNode, string> = {
  query: "const { data } = await client.query",
  mutation: "const { data } = await client.mutate",
  subscription: "client.subscribe",
};

function overHttp(url: string): string {
  return `import { ApolloClient, gql, HttpLink, InMemoryCache } from "@apollo/client";

const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: new HttpLink({
    uri: ${JSON.stringify(url)},
    headers: { authorization: \`Bearer \${process.env.${KEY_NAME}}\` },
  }),
});
`;
}

function overSocket(url: string): string {
  return `import { ApolloClient, gql, InMemoryCache } from "@apollo/client";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { createClient } from "graphql-ws";

const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: new GraphQLWsLink(
    createClient({
      url: ${JSON.stringify(url.replace(/^http/, "ws"))},
      connectionParams: { authorization: \`Bearer \${process.env.${KEY_NAME}}\` },
    }),
  ),
});
`;
}

function inTemplate(text: string): string {
  return text.replace(/[`\\]|\$(?=\{)/g, (sign) => `\\${sign}`);
}

/** At line feeds alone: to a regular expression's ^ a line also begins behind U+2028, in a string. */
function indented(text: string, by: string): string {
  return text.replace(/(^|\n)(?=[^\n])/g, `$1${by}`);
}
