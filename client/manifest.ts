/**
 * Writes dist/persisted-documents.json: every document of this build as it is sent, by its SHA-256.
 * The server knows them from there (docs/decisions/0033-a-server-may-answer-its-own-client-alone.md).
 */

import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { ApolloClient, ApolloLink, InMemoryCache } from "@apollo/client";
import { type DocumentNode, getOperationAST, OperationTypeNode, print } from "graphql";
import { EMPTY } from "rxjs";
import * as generated from "./src/gql/graphql.ts";

const sent = new Set<string>();

const apollo = new ApolloClient({
  cache: new InMemoryCache(),
  link: new ApolloLink(({ query }) => {
    sent.add(print(query));
    return EMPTY;
  }),
});

for (const [name, document] of Object.entries(generated)) {
  if (name.endsWith("Document")) send(document as unknown as DocumentNode);
}

const texts = [...sent].map((text) => [createHash("sha256").update(text).digest("hex"), text]);
writeFileSync("dist/persisted-documents.json", JSON.stringify(Object.fromEntries(texts)));

/** As Apollo changes it on the way, and as it is: sign-in goes by without Apollo. */
function send(document: DocumentNode): void {
  sent.add(print(document));
  const ignored = () => {};
  switch (getOperationAST(document)?.operation) {
    case OperationTypeNode.QUERY:
      apollo.query({ query: document, fetchPolicy: "no-cache" }).catch(ignored);
      break;
    case OperationTypeNode.MUTATION:
      apollo.mutate({ mutation: document, fetchPolicy: "no-cache" }).catch(ignored);
      break;
    case OperationTypeNode.SUBSCRIPTION:
      apollo.subscribe({ query: document, fetchPolicy: "no-cache" }).subscribe({ error: ignored });
  }
}
