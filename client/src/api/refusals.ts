import { CombinedGraphQLErrors } from "@apollo/client";
import { ErrorLink } from "@apollo/client/link/error";
import { session } from "./session";

/** A request that is refused for its token asks for a new one, or leads to the door. */
export const refusals = new ErrorLink(({ error }) => {
  if (CombinedGraphQLErrors.is(error) && error.errors.some(isUnauthenticated)) session.refresh();
});

function isUnauthenticated({ extensions }: { extensions?: Record<string, unknown> }): boolean {
  return extensions?.["code"] === "UNAUTHENTICATED";
}
