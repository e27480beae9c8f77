"""Who sees a webhook."""

from __future__ import annotations

from typing import Any

from schema.context import Context
from store.records.delivery import Delivery
from store.records.viewer import Viewer
from store.records.webhook import Webhook


def webhooks_for(viewer: Viewer) -> dict[str, Any]:
    """The filter of the webhooks that the viewer sees: a key sees those made with it."""
    if viewer.is_admin and viewer.api_key_id is None:
        return {}
    made_with = {} if viewer.api_key_id is None else {"api_key_id": viewer.api_key_id}
    return {"owner_id": viewer.id} | made_with


def sees_webhook(viewer: Viewer, webhook: Webhook) -> bool:
    """As `webhooks_for`, of one."""
    return all(getattr(webhook, name) == value for name, value in webhooks_for(viewer).items())


async def find_webhook(context: Context, identifier: str) -> Webhook | None:
    """For its owner and admins."""
    webhook = await context.loaders.webhooks.load(identifier)
    return webhook if webhook and sees_webhook(context.signed_in, webhook) else None


async def find_delivery(context: Context, identifier: str) -> Delivery | None:
    """For whoever sees its webhook."""
    found = await context.store.mongo.webhook_deliveries.find(identifier)
    return found if found and await find_webhook(context, found.webhook_id) else None
