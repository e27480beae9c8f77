"""What the mutations of webhooks take."""

from __future__ import annotations

import strawberry

from schema.fields import dry_run, expected_version, idempotency_key
from schema.scalars import Variables


@strawberry.input(description="The webhook to make.")
class CreateWebhookInput:
    name: str = strawberry.field(description="To tell it from others, 1 to 100 characters.")
    url: str = strawberry.field(
        description="Where events are to be sent: https, on a public address, without a password."
    )
    document: str = strawberry.field(
        description="A subscription to `activity`, `predictionFeed`, `jobEvents`, `jobLog`, "
        "`datasetEvents` or `modelEvents`, without `after`; at most 10,000 characters."
    )
    operation_name: str | None = strawberry.field(
        default=None, description="Which operation, where the document has several."
    )
    variables: Variables | None = strawberry.field(
        default=None, description="The variables of the subscription."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="What to change of a webhook; what is left out stays.")
class UpdateWebhookInput:
    id: strawberry.ID = strawberry.field(description="One of the caller's webhooks.")
    name: str | None = strawberry.field(default=None, description="Its new name.")
    url: str | None = strawberry.field(default=None, description="Its new URL.")
    document: str | None = strawberry.field(
        default=None,
        description="Its new subscription, which comes with its own operation name and variables.",
    )
    operation_name: str | None = strawberry.field(
        default=None, description="Which operation of the new document."
    )
    variables: Variables | None = strawberry.field(
        default=None, description="The variables of the new document."
    )
    is_on: bool | None = strawberry.field(
        default=None,
        description="Switch it on or off. Switched on, it goes on from where it stopped.",
    )
    expected_version: int | None = expected_version()


@strawberry.input(description="The webhook to delete.")
class DeleteWebhookInput:
    id: strawberry.ID = strawberry.field(description="One of the caller's; any for an admin.")
    dry_run: bool = dry_run()


@strawberry.input(description="The webhook that gets a new secret.")
class RotateWebhookSecretInput:
    id: strawberry.ID = strawberry.field(description="One of the caller's webhooks.")


@strawberry.input(description="The delivery to send again.")
class ResendDeliveryInput:
    id: strawberry.ID = strawberry.field(
        description="A delivery of one of the caller's webhooks, that arrived or failed."
    )


@strawberry.input(description="The webhook to try.")
class TestWebhookInput:
    id: strawberry.ID = strawberry.field(description="One of the caller's webhooks.")
    send: bool = strawberry.field(
        default=False, description="Whether to send the request as well, once."
    )
