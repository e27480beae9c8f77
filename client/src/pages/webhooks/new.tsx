import { useReadQuery } from "@apollo/client/react";
import { useState } from "react";
import { useLoaderData, useNavigate } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { Card } from "../../ui/Card";
import { Page } from "../../ui/Page";
import { SecretOnce } from "../../ui/SecretOnce";
import { examples } from "./examples";
import { useCreateWebhook } from "./useCreateWebhook";
import { WebhookForm } from "./WebhookForm";

const NEWEST = graphql(`
  query WebhookSubjects {
    models(first: 1) { nodes { id name } }
    datasets(first: 1) { nodes { id name } }
  }
`);

export const loader = () => preload(NEWEST);

export function Component() {
  const { models, datasets } = useReadQuery(useLoaderData() as ReturnType<typeof loader>).data;
  const [made, setMade] = useState<{ id: string; secret: string }>();
  const create = useCreateWebhook();
  const navigate = useNavigate();
  return (
    <Page title="New webhook" summary="Events are sent from now on, as JSON, in your name.">
      <Card title="What, and where to">
        <WebhookForm
          action="Make the webhook"
          examples={examples({ modelId: models.nodes[0]?.id, datasetId: datasets.nodes[0]?.id })}
          onSend={async (asked) => {
            const outcome = await create(asked);
            const { webhook, secret } = outcome.done ?? {};
            if (webhook && secret) setMade({ id: webhook.id, secret });
            return outcome;
          }}
        />
      </Card>
      <SecretOnce
        title="The webhook's secret"
        label="Signing secret"
        hint="Every request is signed with it, as Standard Webhooks says: verify that before you believe what you read."
        secret={made?.secret}
        onClose={() => navigate(`/webhooks/${made?.id}`)}
      />
    </Page>
  );
}
