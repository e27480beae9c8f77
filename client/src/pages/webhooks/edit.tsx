import { useReadQuery } from "@apollo/client/react";
import { type LoaderFunctionArgs, useLoaderData, useNavigate } from "react-router";
import { preload } from "../../api/apollo";
import { graphql } from "../../gql";
import { NotFound } from "../../shell/RouteError";
import { Card } from "../../ui/Card";
import { Page } from "../../ui/Page";
import { examples } from "./examples";
import { useUpdateWebhook } from "./useUpdateWebhook";
import { WebhookForm } from "./WebhookForm";

const WEBHOOK = graphql(`
  query EditWebhook($id: ID!) {
    webhook(id: $id) {
      id
      name
      url
      document
      variables
      revision
    }
  }
`);

export const loader = ({ params }: LoaderFunctionArgs) =>
  preload(WEBHOOK, { variables: { id: params["id"] ?? "" }, fetchPolicy: "network-only" });

export function Component() {
  const { webhook } = useReadQuery(useLoaderData<typeof loader>()).data;
  const update = useUpdateWebhook();
  const navigate = useNavigate();
  if (!webhook) return <NotFound />;
  const { id, revision, name, url, document, variables } = webhook;
  return (
    <Page title={`Edit ${name}`} summary="It goes on from where it is, with what it then asks.">
      <Card title="What, and where to">
        <WebhookForm
          action="Save"
          start={{ name, url, document, variables: JSON.stringify(variables, null, 2) }}
          examples={examples({ modelId: undefined, datasetId: undefined })}
          onSend={async (asked) => {
            const outcome = await update({ id, expectedVersion: revision, ...asked });
            if (outcome.done) navigate(`/webhooks/${id}`);
            return outcome;
          }}
        />
      </Card>
    </Page>
  );
}
