"""Making, changing and trying webhooks."""

from __future__ import annotations

from typing import Annotated, cast

import strawberry

from schema.context import Info
from schema.fields import with_payload
from schema.once import once
from schema.permissions import Requires
from schema.visibility import must_find
from schema.webhooks.access import find_delivery, find_webhook
from schema.webhooks.acting import acting, must_be_mine
from schema.webhooks.inputs import (
    CreateWebhookInput,
    DeleteWebhookInput,
    ResendDeliveryInput,
    RotateWebhookSecretInput,
    TestWebhookInput,
    UpdateWebhookInput,
)
from schema.webhooks.payloads import (
    DeleteWebhookPayload,
    ResendDeliveryPayload,
    TestWebhookPayload,
    UpdateWebhookPayload,
    WebhookRequest,
    WebhookSecretPayload,
)
from schema.webhooks.saved import Runner, asked, saved_in
from schema.webhooks.trying import begin, newest
from schema.webhooks.updating import change_of
from store import ids
from store.clock import now
from store.records.account import Scope

Create = Annotated[CreateWebhookInput, strawberry.argument(description="The webhook.")]
Update = Annotated[UpdateWebhookInput, strawberry.argument(description="The change.")]
Delete = Annotated[DeleteWebhookInput, strawberry.argument(description="Which one.")]
Rotate = Annotated[RotateWebhookSecretInput, strawberry.argument(description="Which one.")]
Resend = Annotated[ResendDeliveryInput, strawberry.argument(description="Which one.")]
Test = Annotated[TestWebhookInput, strawberry.argument(description="Which one, and how.")]


def runner_of(info: Info) -> Runner:
    """The schema that this field is of."""
    return cast(Runner, info.schema)


@strawberry.type
class WebhookMutations:
    @with_payload(
        Requires(Scope.READ),
        "Send the events of a subscription to a URL, from now on, in the caller's name. What is "
        "sent is what a subscriber gets; docs/webhooks.md says how to receive it.",
    )
    async def create_webhook(self, info: Info, input: Create) -> WebhookSecretPayload:
        context, secret = info.context, None
        kept, saved = asked(runner_of(info), input.document, input.operation_name, input.variables)

        async def make(identifier: str) -> None:
            nonlocal secret
            cursor = await begin(saved, context)
            secret = await context.store.webhooks.create(
                identifier, context.signed_in, kept,
                name=input.name, url=input.url, cursor=cursor,
            )  # fmt: skip

        identifier = await once(info, input, ids.WEBHOOK, make)
        webhook = await context.store.mongo.webhooks.find(identifier)
        return WebhookSecretPayload(webhook=webhook, secret=secret)

    @with_payload(Requires(Scope.READ), "Change a webhook, or switch it on or off.")
    async def update_webhook(self, info: Info, input: Update) -> UpdateWebhookPayload:
        webhook = await must_be_mine(info.context, input.id)
        change = await change_of(runner_of(info), info.context, webhook, input)
        webhook = await info.context.store.webhooks.change(
            webhook.id, change, cursor=change.cursor, expected_revision=input.expected_version
        )
        return UpdateWebhookPayload(webhook=webhook)

    @with_payload(Requires(Scope.READ), "Delete a webhook with all that is still to be sent.")
    async def delete_webhook(self, info: Info, input: Delete) -> DeleteWebhookPayload:
        webhook = await must_find(info.context, find_webhook, input.id, "id")
        store = info.context.store
        waiting, logged = await store.deliveries.counts(webhook.id)
        if not input.dry_run:
            await store.webhooks.delete(webhook)
        return DeleteWebhookPayload(webhook=webhook, waiting=waiting, logged=logged)

    @with_payload(
        Requires(Scope.READ),
        "A new secret for a webhook. For 24 hours requests are signed with the old one as well.",
    )
    async def rotate_webhook_secret(self, info: Info, input: Rotate) -> WebhookSecretPayload:
        webhook = await must_be_mine(info.context, input.id)
        webhook, secret = await info.context.store.webhooks.rotate_secret(webhook.id)
        return WebhookSecretPayload(webhook=webhook, secret=secret)

    @with_payload(
        Requires(Scope.READ),
        "Send an event again, under the same `webhook-id`, with all its tries.",
    )
    async def resend_delivery(self, info: Info, input: Resend) -> ResendDeliveryPayload:
        delivery = await must_find(info.context, find_delivery, input.id, "id")
        webhook = await must_be_mine(info.context, delivery.webhook_id)
        again = await info.context.store.deliveries.resend(webhook, delivery.id)
        return ResendDeliveryPayload(delivery=again)

    @with_payload(
        Requires(Scope.READ),
        "What a webhook would send for its newest event, or for a sample. Nothing is sent unless "
        "that is asked for; then once, and also by one that is switched off.",
    )
    async def test_webhook(self, info: Info, input: Test) -> TestWebhookPayload:
        webhook, store = await must_be_mine(info.context, input.id), info.context.store
        context = await acting(info.context, webhook)
        told = await newest(saved_in(runner_of(info), webhook), context)
        identifier = ids.new(ids.WEBHOOK_DELIVERY)
        request = store.webhooks.request(webhook, identifier, told.body, now())
        delivery = None
        if input.send:
            delivery = await store.deliveries.add_test(identifier, webhook, told.cursor, told.body)
        return TestWebhookPayload(
            request=WebhookRequest.of(request), is_sample=told.is_sample, delivery=delivery
        )
