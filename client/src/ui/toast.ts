import { Toast } from "@base-ui/react/toast";
import { problemOf } from "../api/problems";

export const toasts = Toast.createToastManager();

/** A short note that something was done. */
export function note(title: string, description?: string): void {
  toasts.add({ title, ...(description ? { description } : {}) });
}

/** A note that something was not done, and why. */
export function complain(error: unknown): void {
  const description = typeof error === "string" ? error : problemOf(error);
  toasts.add({ title: "That did not work", description, type: "problem", priority: "high" });
}
