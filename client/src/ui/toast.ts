import { Toast } from "@base-ui/react/toast";
import { problemOf } from "../api/problems";

export const toasts = Toast.createToastManager();

/** Long enough to read it and to reach the button. */
const WITH_ACTION_MS = 15_000;

interface Action {
  name: string;
  run: () => void;
}

/** A short note that something was done, with what may be done about it. */
export function note(title: string, description?: string, action?: Action): void {
  const id = toasts.add({
    title,
    ...(description ? { description } : {}),
    ...(action && { timeout: WITH_ACTION_MS, actionProps: { children: action.name, onClick } }),
  });
  function onClick() {
    toasts.close(id);
    action?.run();
  }
}

/** A note that something was not done, and why. */
export function complain(error: unknown): void {
  const description = typeof error === "string" ? error : problemOf(error);
  toasts.add({ title: "That did not work", description, type: "problem", priority: "high" });
}
