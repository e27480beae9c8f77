/** In whose name GraphiQL asks: the session's user, or the API key that was given in its place. */

import { useSyncExternalStore } from "react";
import { apiKey } from "../../api/apiKey";
import { session, type Viewer } from "../../api/session";

export interface Caller {
  /** Empty for a session. */
  key: string;
  /** Who is signed in beside that, if anybody is. */
  viewer: Viewer | undefined;
}

export function useCaller(): Caller {
  const key = useSyncExternalStore(apiKey.subscribe, apiKey.current);
  const state = useSyncExternalStore(session.subscribe, session.current);
  return { key, viewer: state.status === "signed-in" ? state.viewer : undefined };
}

/** What proves it; good for a while yet. */
export async function bearer(): Promise<string> {
  return apiKey.current() || (await session.token());
}
