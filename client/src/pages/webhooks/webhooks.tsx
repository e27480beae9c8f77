import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { Plus } from "lucide-react";
import { useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { ButtonLink } from "../../ui/Button";
import { More } from "../../ui/More";
import { Page } from "../../ui/Page";
import { Empty } from "../../ui/States";
import { Table, Th } from "../../ui/Table";
import { counted } from "../../ui/words";
import { WebhookRow } from "./WebhookRow";

const WEBHOOKS = graphql(`
  query Webhooks($after: String) {
    webhooks(first: 50, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      nodes { id ...WebhookRow_webhook }
    }
  }
`);

export const loader = () => preload(WEBHOOKS, { fetchPolicy: "network-only" });

export function Component() {
  const webhooks = useLoaderData() as ReturnType<typeof loader>;
  const { fetchMore } = useQueryRefHandlers(webhooks);
  const { nodes, pageInfo, totalCount } = useReadQuery(webhooks).data.webhooks;
  return (
    <Page
      title="Webhooks"
      summary={`${counted(totalCount, "webhook")}: events that are sent to your programs`}
      actions={
        <ButtonLink look="primary" to="/webhooks/new">
          <Plus aria-hidden="true" className="size-4" /> New webhook
        </ButtonLink>
      }
    >
      {nodes.length === 0 ? (
        <Empty
          title="No webhooks yet"
          action={<ButtonLink to="/webhooks/new">Make the first</ButtonLink>}
        >
          A webhook is a saved subscription: whenever a subscriber would get an event, it is sent to
          a URL of yours, signed.
        </Empty>
      ) : (
        <Table label="Webhooks">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>State</Th>
              <Th>Goes to</Th>
              <Th>Last arrived</Th>
              <Th>Owner</Th>
              <Th>Made</Th>
            </tr>
          </thead>
          <tbody>
            {nodes.map((webhook) => (
              <WebhookRow key={webhook.id} webhook={webhook} />
            ))}
          </tbody>
        </Table>
      )}
      <More pageInfo={pageInfo} onMore={(after) => fetchMore({ variables: { after } })} />
    </Page>
  );
}
