"""Following every answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from schema.context import Info
from schema.feeds.feed import Cursor, FeedItem, follow
from schema.fields import subscription
from schema.permissions import Requires
from store import events
from store.records.account import Scope
from store.records.event import Event

ModelId = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only answers of this model.")
]


@strawberry.type
class InferenceSubscriptions:
    @subscription(
        Requires(Scope.ADMIN),
        "Every answer, from now or from `after` on; for admins.",
        shows=FeedItem,
    )
    async def prediction_feed(
        self, info: Info, after: Cursor = None, model_id: ModelId = None
    ) -> AsyncGenerator[events.FeedItem, None]:
        def sees(event: Event) -> bool:
            return model_id is None or event.related.get("model") == model_id

        feed = events.Feed.predictions()
        async with aclosing(follow(info.context, feed, after, sees)) as items:
            async for item in items:
                yield item
