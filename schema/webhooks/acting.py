"""Whose a webhook is, and as whom it acts."""

from __future__ import annotations

from dataclasses import replace

from schema.context import Context
from schema.visibility import must_find
from schema.webhooks.access import find_webhook
from store.errors import Denied
from store.records.webhook import Webhook


async def must_be_mine(context: Context, identifier: str) -> Webhook:
    """A webhook acts in its owner's name. Raises Missing, and Denied to admins."""
    webhook = await must_find(context, find_webhook, identifier, "id")
    if webhook.owner_id != context.signed_in.id:
        raise Denied("only its owner may do this; an admin may delete it")
    return webhook


async def acting(context: Context, webhook: Webhook) -> Context:
    """A context as the one in which its document runs. Raises Denied."""
    viewer = await context.store.accounts.acting_for(
        webhook.owner_id, webhook.scopes, webhook.api_key_id
    )
    return replace(context, viewer=viewer)
