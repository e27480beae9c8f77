import type { LimitsQuery } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Facts } from "../../ui/Facts";
import { amount, QUOTAS } from "../account/quotaWords";
import { defaultsOf } from "./defaults";

type User = LimitsQuery["users"]["nodes"][number];

/** What every user gets, as far as it can be read from users who have it. */
export function DefaultQuotas({ users }: { users: readonly User[] }) {
  return (
    <Card title="What every user gets">
      <Facts
        facts={defaultsOf(users).map(
          ({ kind, limit }) => [QUOTAS[kind], amount(kind, limit)] as const,
        )}
      />
      <p className="mt-3 text-xs text-soft">
        The platform's settings decide it; on a user's page it can be changed for that user.
      </p>
    </Card>
  );
}
