import { graphql } from "../../gql";
import type { QuotaBars_QuotaFragment } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { Progress } from "../../ui/Progress";
import { amount, isShort, QUOTAS, share } from "./quotaWords";

graphql(`
  fragment QuotaBars_quota on Quota {
    kind
    limit
    used
    isDefault
    resetsAt
  }
`);

/** How much is used of each quota, and when there is more. */
export function QuotaBars({ quotas }: { quotas: readonly QuotaBars_QuotaFragment[] }) {
  return (
    <ul className="flex flex-col gap-4">
      {quotas.map((quota) => (
        <li key={quota.kind} className="flex flex-col gap-1">
          <div className="flex flex-wrap items-center gap-2">
            <span className="font-medium">{QUOTAS[quota.kind]}</span>
            {!quota.isDefault && <Badge tone="accent">chosen by an admin</Badge>}
            {isShort(quota) && <Badge tone="warn">nearly used up</Badge>}
          </div>
          <Progress label={QUOTAS[quota.kind]} share={share(quota)} />
          <p className="text-xs text-soft">
            {amount(quota.kind, quota.used)} of {amount(quota.kind, quota.limit)}
            {quota.resetsAt && `, anew at ${new Date(quota.resetsAt).toLocaleTimeString()}`}
          </p>
        </li>
      ))}
    </ul>
  );
}
