import { CombinedGraphQLErrors } from "@apollo/client";
import { ErrorLink } from "@apollo/client/link/error";
import { from, switchMap } from "rxjs";
import { session } from "./session";

/**
 * A request that is refused for its token is sent once more with a new one: a clock that goes wrong
 * does not know when a token ends. Where the session is over, this leads to the door.
 */
export const refusals = new ErrorLink(({ error, operation, forward }) => {
  const isRefused = CombinedGraphQLErrors.is(error) && error.errors.some(isUnauthenticated);
  if (!isRefused) return;
  return from(session.refresh()).pipe(switchMap(() => forward(operation)));
});

function isUnauthenticated({ extensions }: { extensions?: Record<string, unknown> }): boolean {
  return extensions?.["code"] === "UNAUTHENTICATED";
}
