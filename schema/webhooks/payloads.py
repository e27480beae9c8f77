"""What the mutations of webhooks return."""

from __future__ import annotations

import strawberry

from schema.errors import UserError
from schema.fields import no_errors
from schema.webhooks.deliveries import WebhookDelivery
from schema.webhooks.types import Webhook
from store.records import delivery as deliveries
from store.records import webhook as records
from store.webhooks.signing import Request

SHOWN_ONCE = "What its requests are signed with: `whsec_` and base64. Never shown again."


@strawberry.type(description="A webhook after it was made or given a new secret.")
class WebhookSecretPayload:
    webhook: records.Webhook | None = strawberry.field(
        default=None, graphql_type=Webhook | None, description="As it is now."
    )
    secret: str | None = strawberry.field(default=None, description=SHOWN_ONCE)
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="A webhook after a change.")
class UpdateWebhookPayload:
    webhook: records.Webhook | None = strawberry.field(
        default=None, graphql_type=Webhook | None, description="As it is now."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="A webhook that was deleted, or is to be.")
class DeleteWebhookPayload:
    webhook: records.Webhook | None = strawberry.field(
        default=None, graphql_type=Webhook | None, description="As it was at last."
    )
    waiting: int | None = strawberry.field(
        default=None, description="Deliveries that are never made, for they still wait."
    )
    logged: int | None = strawberry.field(
        default=None, description="Deliveries that the log forgets, those that wait among them."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="A delivery that is under way again.")
class ResendDeliveryPayload:
    delivery: deliveries.Delivery | None = strawberry.field(
        default=None, graphql_type=WebhookDelivery | None, description="As it is now."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="A header of a request.")
class WebhookHeader:
    name: str = strawberry.field(description="Its name.")
    value: str = strawberry.field(description="Its value.")


@strawberry.type(description="A request as a webhook sends it, to the last byte.")
class WebhookRequest:
    method: str = strawberry.field(description="Always POST.")
    url: str = strawberry.field(description="Where it goes.")
    headers: list[WebhookHeader] = strawberry.field(
        description="At most 20: all but `host`, `connection` and `content-length`."
    )
    body: str = strawberry.field(description="JSON, which the signature is over as it stands.")

    @classmethod
    def of(cls, request: Request) -> WebhookRequest:
        headers = [WebhookHeader(name=k, value=v) for k, v in request.headers.items()]
        return cls(method="POST", url=request.url, headers=headers, body=request.body)


@strawberry.type(description="What a webhook would send, and its sending if that was asked for.")
class TestWebhookPayload:
    request: WebhookRequest | None = strawberry.field(
        default=None, description="The request; one that is sent has its own time and signature."
    )
    is_sample: bool | None = strawberry.field(
        default=None, description="Whether the event is made up, as nothing has happened yet."
    )
    delivery: deliveries.Delivery | None = strawberry.field(
        default=None,
        graphql_type=WebhookDelivery | None,
        description="Its sending, which `node` shows to its end; null for a dry run.",
    )
    user_errors: list[UserError] = no_errors()
