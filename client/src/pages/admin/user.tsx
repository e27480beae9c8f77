import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { Badge } from "../../ui/Badge";
import { ButtonLink } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Day } from "../../ui/Day";
import { Facts } from "../../ui/Facts";
import { Page } from "../../ui/Page";
import { plainName } from "../../ui/words";
import { QuotaBars } from "../account/QuotaBars";
import { SetQuota } from "./SetQuota";
import { UserActions } from "./UserActions";

const USER = graphql(`
  query User($id: ID!) {
    node(id: $id) {
      __typename
      ... on User {
        id
        name
        email
        role
        createdAt
        disabledAt
        quotas { kind ...QuotaBars_quota @unmask }
        ...UserActions_user
      }
    }
  }
`);

export const loader = ({ params }: LoaderFunctionArgs) =>
  preload(USER, { variables: { id: params["id"] ?? "" }, fetchPolicy: "network-only" });

export function Component() {
  const found = useLoaderData<typeof loader>();
  const { refetch } = useQueryRefHandlers(found);
  const { node: user } = useReadQuery(found).data;
  if (user?.__typename !== "User") return <NotFound />;
  return (
    <Page
      title={user.name}
      mark={user.disabledAt && <Badge tone="bad">disabled</Badge>}
      summary={user.email}
      actions={<UserActions user={user} />}
    >
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Card
          title="Account"
          actions={<ButtonLink to={`/admin/audit?actor=${user.id}`}>What they did</ButtonLink>}
        >
          <Facts
            facts={[
              ["role", plainName(user.role)],
              ["joined", <Day key="joined" at={user.createdAt} />],
              ["disabled", user.disabledAt && new Date(user.disabledAt).toLocaleString()],
              ["ID", <code key="id">{user.id}</code>],
            ]}
          />
        </Card>
        {user.quotas && (
          <Card
            title="Quotas"
            actions={<SetQuota userId={user.id} quotas={user.quotas} onChanged={() => refetch()} />}
          >
            <QuotaBars quotas={user.quotas} />
          </Card>
        )}
      </div>
    </Page>
  );
}
