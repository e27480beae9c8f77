import { Link } from "react-router";
import type { LimitsQuery, QuotaKind } from "../../gql/graphql";
import { Badge } from "../../ui/Badge";
import { Card } from "../../ui/Card";
import { Progress } from "../../ui/Progress";
import { Table, Td, Th } from "../../ui/Table";
import { amount, isShort, QUOTAS, share } from "../account/quotaWords";

type User = LimitsQuery["users"]["nodes"][number];
type Quota = NonNullable<User["quotas"]>[number];

const KINDS = Object.keys(QUOTAS) as QuotaKind[];

/** How near everybody is to what they may have and do; a user's page changes it. */
export function UserQuotas({ users }: { users: readonly User[] }) {
  return (
    <Card title="By user">
      <Table label="Quotas by user">
        <thead>
          <tr>
            <Th>User</Th>
            {KINDS.map((kind) => (
              <Th key={kind}>{QUOTAS[kind]}</Th>
            ))}
          </tr>
        </thead>
        <tbody>
          {users.map(({ id, name, quotas }) => (
            <tr key={id}>
              <Td>
                <Link to={`/admin/users/${id}`} className="text-accent hover:underline">
                  {name}
                </Link>
              </Td>
              {KINDS.map((kind) => (
                <Td key={kind} className="min-w-36">
                  <Filled quota={quotas?.find((quota) => quota.kind === kind)} />
                </Td>
              ))}
            </tr>
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

function Filled({ quota }: { quota: Quota | undefined }) {
  if (!quota) return null;
  const { kind, used, limit, isDefault } = quota;
  return (
    <>
      <Progress label={QUOTAS[kind]} share={share(quota)} />
      <p className="mt-1 text-xs whitespace-nowrap text-soft">
        {amount(kind, used)} of {amount(kind, limit)}
      </p>
      <div className="mt-1 flex flex-wrap gap-1">
        {!isDefault && <Badge tone="accent">chosen</Badge>}
        {isShort(quota) && <Badge tone="warn">nearly used up</Badge>}
      </div>
    </>
  );
}
