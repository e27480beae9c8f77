import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { WebhookFacts_WebhookFragment } from "../../gql/graphql";
import { Card } from "../../ui/Card";
import { Code } from "../../ui/Code";
import { Facts } from "../../ui/Facts";
import { Moment } from "../../ui/Moment";

const FACTS = graphql(`
  fragment WebhookFacts_webhook on Webhook {
    id
    document
    operationName
    variables
    createdAt
    deliveredAt
    previousSecretUntil
    cursor
    owner { id name }
  }
`);

interface WebhookFactsProps {
  webhook: FragmentType<WebhookFacts_WebhookFragment>;
}

export function WebhookFacts({ webhook: from }: WebhookFactsProps) {
  const { data: webhook } = useSuspenseFragment({ fragment: FACTS, from });
  return (
    <Card title="What it asks">
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <Code label="Subscription" text={webhook.document} />
        <Facts
          facts={[
            ["operation", webhook.operationName],
            ["variables", <code key="variables">{JSON.stringify(webhook.variables)}</code>],
            ["in the name of", webhook.owner?.name],
            ["made", <Moment key="made" at={webhook.createdAt} />],
            [
              "last arrived",
              webhook.deliveredAt ? (
                <Moment key="arrived" at={webhook.deliveredAt} />
              ) : (
                "nothing yet"
              ),
            ],
            [
              "old secret signs until",
              webhook.previousSecretUntil && new Date(webhook.previousSecretUntil).toLocaleString(),
            ],
            ["sent up to", webhook.cursor && <code>{webhook.cursor}</code>],
          ]}
        />
      </div>
    </Card>
  );
}
