import { tryParseJSONC, useGraphiQL } from "@graphiql/react";

interface Typed {
  query: string;
  /** Which of the document's operations is meant. */
  name: string | undefined;
  /** Undefined while they cannot be read. */
  variables: Record<string, unknown> | undefined;
  response: string;
}

/** What is in the open tab. */
export function useTyped(): Typed {
  const { query, variables, name, response } = useGraphiQL(
    ({ tabs, activeTabIndex, operationName }) => ({
      query: tabs[activeTabIndex]?.query ?? "",
      variables: tabs[activeTabIndex]?.variables ?? "",
      response: tabs[activeTabIndex]?.response ?? "",
      name: operationName,
    }),
  );
  return { query, name, variables: read(variables), response };
}

function read(text: string): Record<string, unknown> | undefined {
  try {
    return tryParseJSONC(text) ?? {};
  } catch {
    return undefined;
  }
}
