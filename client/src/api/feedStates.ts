/** How fresh each open feed is, for the badge that says so. */

import { useSyncExternalStore } from "react";

export type FeedState = "connecting" | "catching-up" | "live" | "stale" | "reconnecting" | "ended";

export interface Freshness {
  state: FeedState;
  /** When the last word came from the server while it was live; milliseconds. */
  lastWordAt: number | undefined;
}

const START: Freshness = { state: "connecting", lastWordAt: undefined };
const states = new Map<string, Freshness>();
const listeners = new Set<() => void>();

function write(name: string, state: FeedState): void {
  const before = states.get(name) ?? START;
  const heard = state === "live" || state === "catching-up";
  // Drawn again when the state changes, not at each item: the moment is read where it is shown.
  if (before.state === state && heard) {
    before.lastWordAt = Date.now();
    return;
  }
  states.set(name, { state, lastWordAt: heard ? Date.now() : before.lastWordAt });
  for (const listener of listeners) listener();
}

export const feedStates = {
  /** Feeds without a name are shown nowhere. */
  writer(name: string | undefined): (state: FeedState) => void {
    return name ? (state) => write(name, state) : () => {};
  },
  of: (name: string): Freshness => states.get(name) ?? START,
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

export function useFreshness(name: string): Freshness {
  return useSyncExternalStore(feedStates.subscribe, () => feedStates.of(name));
}
