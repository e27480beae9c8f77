"""One follower's way from its cursor to the present, and on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from store.clock import now
from store.events.cursor import Cursor
from store.events.feed import CaughtUp, Feed, FeedItem, Heartbeat
from store.events.inbox import Inbox
from store.events.reader import Reader
from store.events.state import Chunk

CHUNK = 500
Read = Callable[[Feed, Cursor, int], Awaitable[Chunk]]
"""At most so many events of a feed after a cursor."""


class Follower:
    """Every event once, in order.

    The inbox collects before the stream is read, so an event is in the read, or in the inbox, or
    in both; the cursor drops the second copy.
    """

    def __init__(
        self, feed: Feed, cursor: Cursor, *, inbox: Inbox, reader: Reader, read: Read,
        heartbeat_s: float,
    ) -> None:  # fmt: skip
        self._feed = feed
        self._cursor = cursor
        self._inbox = inbox
        self._reader = reader
        self._read = read
        self._heartbeat_s = heartbeat_s
        self._is_caught_up = False

    async def next(self) -> list[FeedItem]:
        """What there is to tell next. Raises Unavailable."""
        return await (self._from_stream() if self._inbox.is_behind else self._from_inbox())

    async def _from_stream(self) -> list[FeedItem]:
        self._inbox.collect()
        chunk = await self._read(self._feed, self._cursor, CHUNK)
        self._cursor = chunk.cursor
        items: list[FeedItem] = [*([chunk.gap] if chunk.gap else []), *chunk.events]
        if chunk.has_next:
            self._inbox.fall_behind()
        elif not self._is_caught_up:
            self._is_caught_up = True
            items.append(CaughtUp(str(self._cursor)))
        return items

    async def _from_inbox(self) -> list[FeedItem]:
        try:
            events = await self._inbox.take(self._heartbeat_s)
        except TimeoutError:
            self._reader.check(self._heartbeat_s)
            return [Heartbeat(now(), str(self._cursor))]
        while events and Cursor.parse(events[0].cursor) <= self._cursor:
            events.pop(0)
        if events:
            self._cursor = Cursor.parse(events[-1].cursor)
        return [*events]
