"""Following everything."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import strawberry

from schema.activity.queries import Topics
from schema.context import Info
from schema.feeds.feed import Cursor, FeedItem, follow
from schema.fields import subscription
from schema.permissions import Requires
from store import events
from store.records.account import Scope
from store.records.event import Event


@strawberry.type
class ActivitySubscriptions:
    @subscription(
        Requires(Scope.ADMIN),
        "Everything that happens, from now or from `after` on; of answers how many there were, "
        "about once a second. For admins.",
        shows=FeedItem,
    )
    async def activity(
        self, info: Info, after: Cursor = None, topics: Topics = None
    ) -> AsyncGenerator[events.FeedItem, None]:
        def sees(event: Event) -> bool:
            return topics is None or event.topic in topics

        feed = events.Feed.everything()
        async with aclosing(follow(info.context, feed, after, sees)) as items:
            async for item in items:
                yield item
