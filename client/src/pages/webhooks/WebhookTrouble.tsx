import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { WebhookTrouble_WebhookFragment } from "../../gql/graphql";
import { Moment } from "../../ui/Moment";
import { useNow } from "../../ui/useNow";
import { stateOf } from "./webhookState";

const TROUBLE = graphql(`
  fragment WebhookTrouble_webhook on Webhook {
    id
    createdAt
    failingSince
    isFollowed
    off { at reason message }
  }
`);

interface WebhookTroubleProps {
  webhook: FragmentType<WebhookTrouble_WebhookFragment>;
}

/** Why nothing arrives, and what to do about it. */
export function WebhookTrouble({ webhook: from }: WebhookTroubleProps) {
  const { data: webhook } = useSuspenseFragment({ fragment: TROUBLE, from });
  const state = stateOf(webhook, useNow());
  if (state === "sending") return null;
  return (
    <p role="status" className="rounded-lg border border-line bg-warn-soft p-3 text-warn">
      {webhook.off && (
        <>
          {webhook.off.message} (<Moment at={webhook.off.at} />) Switched on, it goes on from where
          it stopped.
        </>
      )}
      {state === "failing" && webhook.failingSince && (
        <>
          The receiver has failed since <Moment at={webhook.failingSince} />. After five days
          without success the webhook is switched off.
        </>
      )}
      {state === "not followed" &&
        "Nobody follows its subscription: the process `shoal webhooks` does not run."}
    </p>
  );
}
