import { useSyncExternalStore } from "react";
import { useTheme } from "./theme";

const dark = matchMedia("(prefers-color-scheme: dark)");

/** The colours that the theme comes to on this machine, for what CSS cannot colour. */
export function useScheme(): "light" | "dark" {
  const theme = useTheme();
  const isDark = useSyncExternalStore(subscribe, () => dark.matches);
  if (theme !== "system") return theme;
  return isDark ? "dark" : "light";
}

function subscribe(listener: () => void): () => void {
  dark.addEventListener("change", listener);
  return () => dark.removeEventListener("change", listener);
}
