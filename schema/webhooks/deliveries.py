"""What was sent to a webhook's URL, as callers see it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.enums import show_enum
from schema.nodes import Node, shows
from schema.paging import matching
from store.records import delivery as records

show_enum(
    records.DeliveryStatus,
    "How far a delivery is.",
    PENDING="It waits for its first try, or for the next one.",
    DELIVERED="The receiver answered with a status from 200 to 299.",
    FAILED="No try went well, and no other follows; `resendDelivery` begins anew.",
)


@strawberry.type(description="One try to send an event.")
class DeliveryAttempt:
    is_type_of = shows(records.Attempt)

    number: int = strawberry.field(description="Which try it was, counted from 1.")
    at: datetime = strawberry.field(description="When its request began.")
    ms: float = strawberry.field(description="How long it took.")
    status: int | None = strawberry.field(description="HTTP's; null where there was no answer.")
    error: str = strawberry.field(description="What went wrong; empty when nothing did.")
    response: str = strawberry.field(
        name="responseExcerpt", description="How the answer's body begins."
    )
    next_try_at: datetime | None = strawberry.field(description="When the next try was due.")


@strawberry.type(description="An event on its way to a webhook's URL.")
class WebhookDelivery(Node):
    is_type_of = shows(records.Delivery)

    cursor: str = strawberry.field(description="Of the event.")
    status: records.DeliveryStatus = strawberry.field(description="How far it is.")
    is_test: bool = strawberry.field(description="Whether `testWebhook` made it.")
    body: str = strawberry.field(description="What is sent: JSON, the same at every try.")
    created_at: datetime = strawberry.field(description="When it was made.")
    next_try_at: datetime | None = strawberry.field(
        description="When the next try is due; null when none follows."
    )
    attempts: list[records.Attempt] = strawberry.field(
        graphql_type=list[DeliveryAttempt], description="Its tries, oldest first; at most 50."
    )


@strawberry.input(description="Which deliveries to list; what is left out does not matter.")
class DeliveryFilter:
    status: records.DeliveryStatus | None = strawberry.field(
        default=None, description="Only those that are so far."
    )

    def where(self) -> dict[str, Any]:
        """The filter in MongoDB's words."""
        return matching(status=self.status)


Filter = Annotated[
    DeliveryFilter | None, strawberry.argument(description="Lists only some of them.")
]
