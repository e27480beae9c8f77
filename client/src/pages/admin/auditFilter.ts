/** What the address of the audit log asks for. */

import type { AuditFilter, Outcome } from "../../gql/graphql";

export const OUTCOMES: readonly { value: Outcome | ""; label: string }[] = [
  { value: "", label: "All outcomes" },
  { value: "DONE", label: "Done" },
  { value: "DRY_RUN", label: "Dry run" },
  { value: "REFUSED", label: "Refused" },
  { value: "DENIED", label: "Denied" },
  { value: "FAILED", label: "Failed" },
];

/** The entry that is shown in full. */
export const OPEN = "open";
const NAMES = ["actor", "key", "action", "subject", "outcome", "from", "to"] as const;

/** What is not possible, such as a date that is none, is left out. */
export function filterOf(search: URLSearchParams): AuditFilter {
  return {
    actorId: search.get("actor") || null,
    apiKeyId: search.get("key") || null,
    action: search.get("action") || null,
    subjectId: search.get("subject") || null,
    outcome: OUTCOMES.find(({ value }) => value === search.get("outcome"))?.value || null,
    from: moment(search.get("from")),
    to: moment(search.get("to")),
  };
}

/** A time as a control has it, in the viewer's zone. */
function moment(local: string | null): string | null {
  const at = new Date(local ?? "");
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

export function isFiltered(search: URLSearchParams): boolean {
  return NAMES.some((name) => search.get(name));
}

/** Whether two addresses list the same entries. */
export function onlyOpened(before: URL, after: URL): boolean {
  if (before.pathname !== after.pathname) return false;
  const same = NAMES.every(
    (name) => before.searchParams.get(name) === after.searchParams.get(name),
  );
  return same && before.searchParams.get(OPEN) !== after.searchParams.get(OPEN);
}
