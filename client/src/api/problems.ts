import { CombinedGraphQLErrors, ServerError } from "@apollo/client";

interface UserError {
  message: string;
  code: string;
  path: string[];
}

/** One sentence that says what went wrong and, where the server said so, what to do. */
export function problemOf(error: unknown): string {
  if (CombinedGraphQLErrors.is(error)) {
    const first = error.errors[0];
    const request = first?.extensions?.["requestId"];
    const isFault = first?.extensions?.["code"] === "INTERNAL";
    return `${first?.message ?? error.message}${isFault && request ? ` (request ${request})` : ""}`;
  }
  if (ServerError.is(error)) return `The server answered ${error.statusCode}. Try again.`;
  if (error instanceof TypeError) return "The server cannot be reached. Are you offline?";
  return error instanceof Error ? error.message : String(error);
}

/** What a mutation refused, or nothing. */
export function refusalOf(payload: { userErrors: readonly UserError[] } | null | undefined) {
  return payload?.userErrors[0]?.message;
}

/** Whether the viewer may not see or do it, as the API says. */
export function isForbidden(error: unknown): boolean {
  return (
    CombinedGraphQLErrors.is(error) &&
    error.errors.some(({ extensions }) => extensions?.["code"] === "FORBIDDEN")
  );
}
