import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { useLoaderData, useNavigate } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { AdminTabs } from "./AdminTabs";
import { InviteUser } from "./InviteUser";
import { UserRow } from "./UserRow";

const USERS = graphql(`
  query Users($after: String) {
    users(first: 50, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...UserRow_user }
    }
  }
`);

export const loader = () => preload(USERS, { fetchPolicy: "network-only" });

export function Component() {
  const users = useLoaderData() as ReturnType<typeof loader>;
  const { fetchMore } = useQueryRefHandlers(users);
  const { nodes, pageInfo, totalCount } = useReadQuery(users).data.users;
  const navigate = useNavigate();
  return (
    <Page
      title="Users"
      summary={`${counted(totalCount, "user")}, newest first`}
      actions={<InviteUser onInvited={() => navigate("/admin/invitations")} />}
    >
      <AdminTabs />
      <Table label="Users">
        <thead>
          <tr>
            <Th>Name</Th>
            <Th>Email</Th>
            <Th>Role</Th>
            <Th>State</Th>
            <Th>Joined</Th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((user) => (
            <UserRow key={user.id} user={user} />
          ))}
        </tbody>
      </Table>
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
