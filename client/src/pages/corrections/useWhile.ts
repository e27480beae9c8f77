import { useEffect, useEffectEvent } from "react";

/** Does something again and again, for as long as it is needed. */
export function useWhile(isNeeded: boolean, everyMs: number, run: () => void): void {
  const again = useEffectEvent(run);
  useEffect(() => {
    if (!isNeeded) return;
    const timer = setInterval(() => again(), everyMs);
    return () => clearInterval(timer);
  }, [isNeeded, everyMs]);
}
