import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { AdminTabs } from "./AdminTabs";
import { InvitationRow } from "./InvitationRow";
import { InviteUser } from "./InviteUser";

const INVITATIONS = graphql(`
  query Invitations($after: String) {
    invitations(first: 50, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...InvitationRow_invitation }
    }
  }
`);

export const loader = () => preload(INVITATIONS, { fetchPolicy: "network-only" });

export function Component() {
  const invitations = useLoaderData() as ReturnType<typeof loader>;
  const { fetchMore, refetch } = useQueryRefHandlers(invitations);
  const { nodes, pageInfo, totalCount } = useReadQuery(invitations).data.invitations;
  return (
    <Page
      title="Invitations"
      summary={counted(totalCount, "invitation")}
      actions={<InviteUser onInvited={() => refetch()} />}
    >
      <AdminTabs />
      {nodes.length === 0 ? (
        <Empty title="Nobody was invited yet">
          An invitation is a link by which somebody makes an account.
        </Empty>
      ) : (
        <Table label="Invitations">
          <thead>
            <tr>
              <Th>Email</Th>
              <Th>Role</Th>
              <Th>State</Th>
              <Th>Invited</Th>
              <Th>Ends</Th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((invitation) => (
              <InvitationRow key={invitation.id} invitation={invitation} />
            ))}
          </tbody>
        </Table>
      )}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
