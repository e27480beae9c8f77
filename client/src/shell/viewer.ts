import { useSyncExternalStore } from "react";
import { session, type Viewer } from "../api/session";

/** Who is signed in, on a page that only they see. */
export function useViewer(): Viewer {
  const state = useSyncExternalStore(session.subscribe, session.current);
  if (state.status !== "signed-in") throw new Error("nobody is signed in");
  return state.viewer;
}
