/** One operation over HTTP, outside of Apollo's cache: sign-in and what GraphiQL's examples need. */

import type { TypedDocumentNode } from "@apollo/client";
import { print } from "graphql";

interface Failure {
  message: string;
  extensions?: { code?: string };
}

interface Answer<Data> {
  data?: Data | null;
  errors?: Failure[];
}

export class ApiError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

interface Options {
  token?: string;
  /** Whether the answer is to arrive, with its cookie, even if the page is left before. */
  outlives?: boolean;
}

export async function post<Data, Variables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { token = "", outlives = false }: Options = {},
): Promise<Data> {
  const response = await fetch("/graphql", {
    method: "POST",
    keepalive: outlives,
    headers: {
      "content-type": "application/json",
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ query: print(document), variables }),
  });
  const answer = (await response.json()) as Answer<Data>;
  const failure = answer.errors?.[0];
  if (failure || !answer.data) {
    throw new ApiError(
      failure?.message ?? `The server answered ${response.status}`,
      failure?.extensions?.code ?? "UNKNOWN",
    );
  }
  return answer.data;
}
