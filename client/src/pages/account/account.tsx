import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { Card } from "../../ui/Card";
import { Day } from "../../ui/Day";
import { Facts } from "../../ui/Facts";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Table, Th } from "../../ui/Table";
import { plainName } from "../../ui/words";
import { ChangePassword } from "./ChangePassword";
import { SessionRow } from "./SessionRow";
import { SignOutEverywhere } from "./SignOutEverywhere";

const ACCOUNT = graphql(`
  query Account($after: String) {
    viewer {
      user { id name email role createdAt }
      sessions(first: 20, after: $after) {
        pageInfo { hasNextPage endCursor }
        nodes { id ...SessionRow_session }
      }
    }
  }
`);

export const loader = () => preload(ACCOUNT, { fetchPolicy: "network-only" });

export function Component() {
  const account = useLoaderData() as ReturnType<typeof loader>;
  const { fetchMore, refetch } = useQueryRefHandlers(account);
  const { user, sessions } = useReadQuery(account).data.viewer;
  return (
    <Page title="Account" summary={user.email}>
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Card title="Who you are">
          <Facts
            facts={[
              ["name", user.name],
              ["email", user.email],
              ["role", plainName(user.role)],
              ["since", <Day key="since" at={user.createdAt} />],
            ]}
          />
        </Card>
        <ChangePassword email={user.email} onChanged={() => refetch()} />
      </div>
      <Card title="Where you are signed in" actions={<SignOutEverywhere />}>
        <Table label="Sessions">
          <thead>
            <tr>
              <Th>Program</Th>
              <Th>From</Th>
              <Th>Signed in</Th>
              <Th>Last seen</Th>
              <Th>Ends</Th>
              <Th kind="action">What to do</Th>
            </tr>
          </thead>
          <tbody>
            {sessions.nodes.map((session) => (
              <SessionRow key={session.id} session={session} onEnded={() => refetch()} />
            ))}
          </tbody>
        </Table>
        <More
          pageInfo={sessions.pageInfo}
          onMore={(after) => fetchMore({ variables: { after } })}
        />
      </Card>
    </Page>
  );
}
