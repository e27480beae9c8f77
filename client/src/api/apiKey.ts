/**
 * The API key that GraphiQL asks with in the session's place. It stays in this tab, and goes with it
 * or when the user leaves it.
 */

const KEPT = "shoal.api-key";
const listeners = new Set<() => void>();

function keep(key: string): void {
  if (key) sessionStorage.setItem(KEPT, key);
  else sessionStorage.removeItem(KEPT);
  for (const listener of listeners) listener();
}

export const apiKey = {
  /** Empty while there is none. */
  current: (): string => sessionStorage.getItem(KEPT) ?? "",
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  take: (key: string): void => keep(key),
  leave: (): void => keep(""),
};
