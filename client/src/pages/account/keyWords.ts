/** What a key is and may, in words. */

import { counted } from "../../ui/words";

interface Ending {
  revokedAt: string | null;
  expiresAt: string | null;
}

export type KeyState = "good" | "ending" | "ended" | "revoked";

/** `warning` is there in a key's last days. */
export function stateOf(key: Ending & { warning: string | null }, now: number): KeyState {
  if (key.revokedAt) return "revoked";
  if (key.expiresAt && Date.parse(key.expiresAt) <= now) return "ended";
  return key.warning ? "ending" : "good";
}

interface Budget {
  points: number | null;
  predictions: number | null;
}

export function budgetInWords({ points, predictions }: Budget): string {
  const bounds = [
    ...(points === null ? [] : [counted(points, "point")]),
    ...(predictions === null ? [] : [counted(predictions, "text")]),
  ];
  return bounds.join(" and ") || "no bound";
}

/** A number from a form's field; null where nothing was typed. */
export function amountOf(form: FormData, name: string): number | null {
  const typed = String(form.get(name) ?? "").trim();
  return typed === "" ? null : Number(typed);
}

/** The end of a day that was picked, where the viewer is; null where none was. */
export function endOfDay(day: string): string | null {
  return day === "" ? null : new Date(`${day}T23:59:59`).toISOString();
}
