import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { useTransition } from "react";
import { useNavigate } from "react-router";
import { graphql } from "../../gql";
import type { WebhookActions_WebhookFragment } from "../../gql/graphql";
import { Button, ButtonLink } from "../../ui/Button";
import { Consider } from "../../ui/Consider";
import { complain, note } from "../../ui/toast";
import { counted } from "../../ui/words";
import { RotateSecret } from "./RotateSecret";
import { useDeleteWebhook } from "./useDeleteWebhook";
import { useUpdateWebhook } from "./useUpdateWebhook";

const ACTIONS = graphql(`
  fragment WebhookActions_webhook on Webhook {
    id
    name
    revision
    off { at }
  }
`);

interface WebhookActionsProps {
  webhook: FragmentType<WebhookActions_WebhookFragment>;
}

export function WebhookActions({ webhook: from }: WebhookActionsProps) {
  const { data: webhook } = useSuspenseFragment({ fragment: ACTIONS, from });
  const remove = useDeleteWebhook();
  const navigate = useNavigate();
  return (
    <>
      <Switch webhook={webhook} />
      <ButtonLink to={`/webhooks/${webhook.id}/edit`}>Edit</ButtonLink>
      <RotateSecret id={webhook.id} />
      <Consider
        name="Delete"
        title={`Delete ${webhook.name}?`}
        action="Delete the webhook"
        consider={() => remove(webhook.id, true)}
        tell={({ waiting, logged }) =>
          `${counted(waiting ?? 0, "delivery", "deliveries")} will never be made, and the log forgets ${counted(logged ?? 0, "delivery", "deliveries")}. It cannot be undone.`
        }
        onConfirm={async () => {
          const { refusal } = await remove(webhook.id, false);
          if (refusal) return refusal;
          note(`${webhook.name} was deleted`);
          navigate("/webhooks");
          return undefined;
        }}
      />
    </>
  );
}

function Switch({ webhook }: { webhook: WebhookActions_WebhookFragment }) {
  const update = useUpdateWebhook();
  const [isPending, start] = useTransition();

  function turn() {
    start(async () => {
      const isOn = webhook.off !== null;
      const input = { id: webhook.id, isOn, expectedVersion: webhook.revision };
      const { refusal } = await update(input);
      if (refusal) complain(refusal);
    });
  }

  return (
    <Button disabled={isPending} onClick={turn}>
      {webhook.off ? "Switch on" : "Switch off"}
    </Button>
  );
}
