import { ApolloClient, ApolloLink, HttpLink } from "@apollo/client";
import { SetContextLink } from "@apollo/client/link/context";
import { createQueryPreloader } from "@apollo/client/react";
import { getOperationAST, OperationTypeNode } from "graphql";
import { createCache } from "./cache";
import { FeedLink } from "./feedLink";
import { refusals } from "./refusals";
import { session } from "./session";
import { socket } from "./socket";

const signed = new SetContextLink(async ({ headers }) => ({
  headers: { ...headers, authorization: `Bearer ${await session.token()}` },
}));

const http = ApolloLink.from([refusals, signed, new HttpLink({ uri: "/graphql" })]);

export const apollo = new ApolloClient({
  cache: createCache(),
  dataMasking: true,
  link: ApolloLink.split(isSubscription, new FeedLink(socket), http),
});

// What one viewer has read is not for the next one.
let reader = viewerId();
session.subscribe(() => {
  const before = reader;
  reader = viewerId();
  if (before && before !== reader) void apollo.clearStore();
});

/** Begins a page's query while its code is still on the way. */
export const preload = createQueryPreloader(apollo);

function viewerId(): string | undefined {
  const state = session.current();
  return state.status === "signed-in" ? state.viewer.id : undefined;
}

function isSubscription({ query, operationName }: ApolloLink.Operation): boolean {
  return getOperationAST(query, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
}
