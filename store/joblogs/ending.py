"""A job's feed or log ends when the job does."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing

from store.events import ENDS, CaughtUp, FeedItem, Heartbeat
from store.events.cursor import Cursor
from store.records.event import Event

LAST = 50
"""Events among which a feed that has ended says so: few come after the end."""


async def to_the_end(
    items: AsyncGenerator[FeedItem, None],
    *,
    is_told: Callable[[str], Awaitable[bool]],
    is_over: Callable[[], Awaitable[bool]],
) -> AsyncGenerator[FeedItem, None]:
    """The items, until the past is told and the job's end among them.

    `is_told` says whether the end is up to a cursor in what is kept: who goes on from there has
    heard of it. `is_over` asks the job itself, whose end may be lost with a part of history: when
    it was over one heartbeat ago and nothing was told since, nothing will be.
    """
    is_live = has_ended = was_over = False
    async with aclosing(items):
        async for item in items:
            if isinstance(item, Event):
                has_ended |= item.kind in ENDS
            elif isinstance(item, CaughtUp):
                is_live = True
                has_ended = has_ended or await is_told(item.cursor)
            elif isinstance(item, Heartbeat):
                has_ended, was_over = was_over, await is_over()
            yield item
            if is_live and has_ended:
                return


def has_end(latest: Iterable[Event], cursor: str) -> bool:
    """Whether the job's end is among its events up to a cursor."""
    until = Cursor.parse(cursor)
    return any(event.kind in ENDS and Cursor.parse(event.cursor) <= until for event in latest)
