import { useQueryRefHandlers, useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { Page } from "../../ui/Page";
import { Deliveries } from "./Deliveries";
import { TestWebhook } from "./TestWebhook";
import { WebhookActions } from "./WebhookActions";
import { WebhookBadge } from "./WebhookBadge";
import { WebhookFacts } from "./WebhookFacts";
import { WebhookTrouble } from "./WebhookTrouble";

const WEBHOOK = graphql(`
  query Webhook($id: ID!) {
    webhook(id: $id) {
      id
      name
      url
      ...WebhookBadge_webhook
      ...WebhookActions_webhook
      ...WebhookFacts_webhook
      ...WebhookTrouble_webhook
    }
  }
`);

export const loader = ({ params }: LoaderFunctionArgs) =>
  preload(WEBHOOK, { variables: { id: params["id"] ?? "" }, fetchPolicy: "network-only" });

export function Component() {
  const found = useLoaderData<typeof loader>();
  const { refetch } = useQueryRefHandlers(found);
  const { webhook } = useReadQuery(found).data;
  if (!webhook) return <NotFound />;
  return (
    <Page
      title={webhook.name}
      mark={<WebhookBadge webhook={webhook} />}
      summary={<span className="break-all">{webhook.url}</span>}
      actions={<WebhookActions webhook={webhook} />}
    >
      <WebhookTrouble webhook={webhook} />
      <Deliveries
        webhookId={webhook.id}
        actions={<TestWebhook id={webhook.id} onSent={() => refetch()} />}
      />
      <WebhookFacts webhook={webhook} />
    </Page>
  );
}
