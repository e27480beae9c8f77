import type { FindingKind, FindingStatus } from "../../../gql/graphql";

/** What each kind of finding is called where it is listed. */
export const KINDS: Readonly<Record<FindingKind, string>> = {
  LABEL_ERROR: "Suspected label errors",
  CONFLICT: "Contradictions",
  NEAR_DUPLICATE: "Near duplicates",
  LEAKAGE: "Leaks between splits",
  OUTLIER: "Outliers",
  TOO_SHORT: "Too short",
};

export const kindOf = (name: string | null): FindingKind | null =>
  name !== null && name in KINDS ? (name as FindingKind) : null;

export const STATUSES: readonly { value: FindingStatus; label: string }[] = [
  { value: "OPEN", label: "Undecided" },
  { value: "DISMISSED", label: "Dismissed" },
  { value: "FIXED", label: "Fixed" },
];
