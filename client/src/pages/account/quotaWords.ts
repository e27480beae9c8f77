/** Quotas in words, the same for their owner and for admins. */

import type { QuotaKind } from "../../gql/graphql";
import { bytes, count } from "../../ui/words";

export const QUOTAS: Record<QuotaKind, string> = {
  STORAGE_BYTES: "Storage",
  JOBS_AT_ONCE: "Jobs at once",
  JOBS_PER_DAY: "Jobs a day",
  PREDICTIONS_PER_DAY: "Texts answered a day",
};

export function amount(kind: QuotaKind, value: number): string {
  return kind === "STORAGE_BYTES" ? bytes(value) : count(value);
}

interface Filled {
  used: number;
  limit: number;
}

/** 0 to 1: a quota of nothing is always used up, and one that was lowered is not overfull. */
export function share({ used, limit }: Filled): number {
  return limit > 0 ? Math.min(1, used / limit) : 1;
}

export const isShort = (quota: Filled): boolean => share(quota) >= 0.8;
