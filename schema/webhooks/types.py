"""Webhooks, as callers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.enums import show_enum
from schema.nodes import Node, owner_of, shows
from schema.paging import After, Connection, First, Listing, list_page
from schema.scalars import Variables
from schema.webhooks.deliveries import Filter, WebhookDelivery
from store.records import webhook as records
from store.records.account import User as UserRecord
from store.records.delivery import Delivery

show_enum(
    records.OffReason,
    "Why a webhook sends no longer.",
    OWNER="Its owner switched it off.",
    ENDED="Its subscription came to its end, as a job's does; what was left is still sent.",
    GONE="The receiver answered 410 Gone.",
    FAILING="Nothing arrived for five days.",
    RIGHTS="Its owner, or the API key that it was made with, may no longer ask for it.",
    SOURCE="Its subscription can no longer be run: what it was about is gone.",
)

Parent = strawberry.Parent[records.Webhook]


@strawberry.type(description="When and why a webhook was switched off.")
class WebhookOff:
    at: datetime = strawberry.field(description="When.")
    reason: records.OffReason = strawberry.field(description="Why.")
    message: str = strawberry.field(description="The same in a sentence.")


def _variables(webhook: Parent) -> Variables:
    return Variables(orjson.loads(webhook.variables))


def _previous_until(webhook: Parent) -> datetime | None:
    return next((each.until for each in webhook.secrets if each.until), None)


async def _progress(webhook: records.Webhook, info: Info) -> records.WebhookProgress | None:
    return await info.context.loaders.webhook_progress.load(webhook.id)


async def _cursor(webhook: Parent, info: Info) -> str | None:
    progress = await _progress(webhook, info)
    return progress.cursor if progress else None


async def _failing_since(webhook: Parent, info: Info) -> datetime | None:
    progress = await _progress(webhook, info)
    return progress.failing_since if progress else None


async def _delivered_at(webhook: Parent, info: Info) -> datetime | None:
    progress = await _progress(webhook, info)
    return progress.delivered_at if progress else None


async def _is_followed(webhook: Parent, info: Info) -> bool:
    return webhook.off is None and await info.context.store.webhooks.bell.is_held(webhook.id)


async def _deliveries(
    webhook: Parent, info: Info, filter: Filter = None, first: First = 20, after: After = None
) -> Listing[Delivery]:
    where: dict[str, Any] = {"webhook_id": webhook.id} | (filter.where() if filter else {})
    return await list_page(
        info, info.context.store.mongo.webhook_deliveries, where,
        name=f"deliveries:{webhook.id}", first=first, after=after,
    )  # fmt: skip


@strawberry.type(description="A subscription that is saved, and whose events go to a URL.")
class Webhook(Node):
    is_type_of = shows(records.Webhook)

    name: str = strawberry.field(description="What its owner calls it.")
    url: str = strawberry.field(description="Where events are sent.")
    document: str = strawberry.field(description="The subscription.")
    operation_name: str | None = strawberry.field(
        description="Which operation of the document it is."
    )
    variables: Variables = strawberry.field(
        resolver=_variables, description="The variables of the subscription."
    )
    created_at: datetime = strawberry.field(description="When it was made.")
    revision: int = strawberry.field(description="Grows with every change.")
    off: records.SwitchedOff | None = strawberry.field(
        graphql_type=WebhookOff | None,
        description="Why it sends no longer; null for one that does.",
    )
    previous_secret_until: datetime | None = strawberry.field(
        resolver=_previous_until,
        description="Until when the secret before signs as well; null if there was none.",
    )
    cursor: str | None = strawberry.field(
        resolver=_cursor, description="Every event up to here has its delivery."
    )
    failing_since: datetime | None = strawberry.field(
        resolver=_failing_since,
        description="The first failure since something arrived; null while all is well.",
    )
    delivered_at: datetime | None = strawberry.field(
        resolver=_delivered_at, description="When something last arrived, to the minute."
    )
    is_followed: bool = strawberry.field(
        resolver=_is_followed,
        description="Whether a process follows its subscription now. Where this stays false for "
        "a webhook that is on, `shoal webhooks` does not run.",
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="In whose name it asks."
    )
    deliveries: Listing[Delivery] = strawberry.field(
        resolver=_deliveries,
        graphql_type=Connection[WebhookDelivery],
        description="What was sent or is to be, newest event first; the last 10,000 of 30 days.",
    )
