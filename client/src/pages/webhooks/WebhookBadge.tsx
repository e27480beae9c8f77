import type { FragmentType } from "@apollo/client/masking";
import { useSuspenseFragment } from "@apollo/client/react";
import { graphql } from "../../gql";
import type { WebhookBadge_WebhookFragment } from "../../gql/graphql";
import { Badge, type Tone } from "../../ui/Badge";
import { useNow } from "../../ui/useNow";
import { stateOf, type WebhookState } from "./webhookState";

const BADGE = graphql(`
  fragment WebhookBadge_webhook on Webhook {
    id
    createdAt
    off { at }
    failingSince
    isFollowed
  }
`);

const TONES: Record<WebhookState, Tone> = {
  off: "neutral",
  failing: "bad",
  "not followed": "warn",
  sending: "good",
};

interface WebhookBadgeProps {
  webhook: FragmentType<WebhookBadge_WebhookFragment>;
}

export function WebhookBadge({ webhook: from }: WebhookBadgeProps) {
  const { data: webhook } = useSuspenseFragment({ fragment: BADGE, from });
  const state = stateOf(webhook, useNow());
  return <Badge tone={TONES[state]}>{state}</Badge>;
}
