import { useState } from "react";

/**
 * A text that is there again after a reload of this tab. Not in the address: what people ask about
 * may be private, and addresses are kept in histories and logs.
 */
export function useKept(name: string, first = ""): [string, (next: string) => void] {
  const [value, setValue] = useState(() => sessionStorage.getItem(name) ?? first);
  function keep(next: string) {
    setValue(next);
    sessionStorage.setItem(name, next);
  }
  return [value, keep];
}
