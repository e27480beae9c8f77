import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { Link } from "react-router";
import { graphql } from "../../gql";
import type { WebhookRow_WebhookFragment } from "../../gql/graphql";
import { Moment } from "../../ui/Moment";
import { Td } from "../../ui/Table";
import { WebhookBadge } from "./WebhookBadge";

const ROW = graphql(`
  fragment WebhookRow_webhook on Webhook {
    id
    name
    url
    createdAt
    deliveredAt
    owner { id name }
    ...WebhookBadge_webhook
  }
`);

export function WebhookRow({
  webhook: from,
}: {
  webhook: FragmentType<WebhookRow_WebhookFragment>;
}) {
  const { data: webhook } = useSuspenseFragment({
    fragment: ROW,
    fragmentName: "WebhookRow_webhook",
    from,
  });
  return (
    <tr>
      <Td className="min-w-32">
        <Link to={`/webhooks/${webhook.id}`} className="font-medium text-accent hover:underline">
          {webhook.name}
        </Link>
      </Td>
      <Td>
        <WebhookBadge webhook={webhook} />
      </Td>
      <Td className="max-w-64 truncate" title={webhook.url}>
        {webhook.url}
      </Td>
      <Td className="whitespace-nowrap">
        {webhook.deliveredAt ? <Moment at={webhook.deliveredAt} /> : "never"}
      </Td>
      <Td>{webhook.owner?.name}</Td>
      <Td className="whitespace-nowrap">
        <Moment at={webhook.createdAt} />
      </Td>
    </tr>
  );
}
