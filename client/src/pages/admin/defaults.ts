import type { QuotaKind } from "../../gql/graphql";
import { QUOTAS } from "../account/quotaWords";

interface Quota {
  kind: QuotaKind;
  limit: number;
  isDefault: boolean;
}

/** What users have for whom nothing was chosen, one of each kind that anybody has so. */
export function defaultsOf(users: readonly { quotas: readonly Quota[] | null }[]): Quota[] {
  const found = new Map<QuotaKind, Quota>();
  for (const quota of users.flatMap(({ quotas }) => quotas ?? [])) {
    if (quota.isDefault) found.set(quota.kind, quota);
  }
  const order = Object.keys(QUOTAS);
  return [...found.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}
