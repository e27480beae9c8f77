"""Reading webhooks."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.fields import query
from schema.paging import After, Connection, First, Listing, list_page
from schema.permissions import Requires
from schema.webhooks.access import find_webhook, webhooks_for
from schema.webhooks.types import Webhook
from store.records import webhook as records
from store.records.account import Scope

Id = Annotated[strawberry.ID, strawberry.argument(description="The webhook's id.")]


@strawberry.type
class WebhookQueries:
    @query(
        Requires(Scope.READ),
        "The caller's webhooks, newest first; everybody's for an admin who signed in, and those "
        "made with it for an API key.",
        shows=Connection[Webhook],
    )
    async def webhooks(
        self, info: Info, first: First = 20, after: After = None
    ) -> Listing[records.Webhook]:
        where = webhooks_for(info.context.signed_in)
        return await list_page(
            info, info.context.store.mongo.webhooks, where,
            name="webhooks", first=first, after=after,
        )  # fmt: skip

    @query(
        Requires(Scope.READ),
        "A webhook by its id; null when there is none that the caller may see.",
        shows=Webhook | None,
    )
    async def webhook(self, info: Info, id: Id) -> records.Webhook | None:
        return await find_webhook(info.context, id)
