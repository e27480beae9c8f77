"""What subscriptions send: events, and where the stream stands.

Every feed goes the same way: a snapshot where there is one, the past that was missed, `CaughtUp`,
then what happens. Records are loaded when an event is sent, so they may be newer than the event.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from datetime import datetime
from typing import Annotated

import strawberry

from schema.activity.types import ActivityEvent
from schema.context import Context
from schema.nodes import shows
from store import events
from store.clock import now
from store.records.event import Event

START = "0-0"
"""The cursor before every event."""

Cursor = Annotated[
    str | None,
    strawberry.argument(
        description="The last cursor that the caller saw: what came after it is sent first."
    ),
]


@strawberry.type(description="All that was missed has been sent; what follows is live.")
class CaughtUp:
    is_type_of = shows(events.CaughtUp)

    cursor: str = strawberry.field(description="Pass it as `after` to resume from here.")


@strawberry.type(description="Events between two cursors are no longer kept; read the state anew.")
class Gap:
    is_type_of = shows(events.Gap)

    from_cursor: str = strawberry.field(description="The last cursor before the gap.")
    to_cursor: str = strawberry.field(description="What follows begins after this cursor.")


@strawberry.type(description="Nothing happened for a while, and the stream is alive.")
class Heartbeat:
    is_type_of = shows(events.Heartbeat)

    at: datetime = strawberry.field(description="When it was sent.")
    cursor: str = strawberry.field(description="Pass it as `after` to resume from here.")


FeedItem = Annotated[
    ActivityEvent | CaughtUp | Gap | Heartbeat,
    strawberry.union("FeedItem", description="An item of a feed without a snapshot."),
]


async def follow(
    context: Context,
    feed: events.Feed,
    after: str | None,
    sees: Callable[[Event], bool] = lambda event: True,
) -> AsyncGenerator[events.FeedItem, None]:
    """The items of a feed, without the events that the caller does not see or did not ask for.

    Where only others happen, a Heartbeat tells that the stream is alive, and how far it is.
    """
    told_at, heartbeat_s = time.monotonic(), context.store.settings.feed_heartbeat_s
    async with aclosing(context.store.events.follow(feed, after)) as items:
        async for item in items:
            if not isinstance(item, Event) or sees(item):
                yield item
            elif time.monotonic() - told_at >= heartbeat_s:
                yield events.Heartbeat(now(), item.cursor)
            else:
                continue
            told_at = time.monotonic()
