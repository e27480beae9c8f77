import { type NavigateOptions, useSearchParams } from "react-router";

/** A change of the view that leaves no trace in the history, for what is changed often. */
export const IN_PLACE: NavigateOptions = { replace: true, preventScrollReset: true };

/** What of the view is in the address, and how it is changed there; what is empty is left out. */
export function useAddress(options: NavigateOptions = {}) {
  const [search, setSearch] = useSearchParams();
  function change(changes: Record<string, string | null>): void {
    setSearch((before) => {
      for (const [name, value] of Object.entries(changes)) {
        if (value) before.set(name, value);
        else before.delete(name);
      }
      return before;
    }, options);
  }
  return [search, change] as const;
}
