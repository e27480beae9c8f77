"""The verbs: append, page, follow."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import datetime

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from store.errors import Unavailable
from store.events.cursor import START, Cursor
from store.events.feed import SHARED, EventPage, Feed, FeedItem
from store.events.follower import Follower, Read
from store.events.reader import Reader
from store.events.state import Chunk
from store.events.stream import Streams
from store.records.event import Event
from store.settings import Settings

RETRY_S = 0.1


class Events:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, *, settings: Settings, redis: Redis) -> None:
        self._settings = settings
        self._streams = Streams(settings, redis)
        self._readers = {name: Reader(settings, self._streams, name) for name in SHARED}

    async def append(self, event: Event) -> Event:
        """The event with its cursor. Tried again for `service_timeout_s`, yet appended once."""
        return await self._append(event, maybe_there=False)

    async def append_if_missing(self, event: Event) -> Event:
        """Append unless an equal event is among the latest thousand of its subject."""
        return await self._append(event, maybe_there=True)

    def put_prediction(self, pipeline: Pipeline, event: Event) -> None:
        """Let `pipeline` append an event of topic PREDICTION with whatever else it does."""
        self._streams.put_prediction(pipeline, event)

    async def page(self, feed: Feed, after: str | None, first: int) -> EventPage:
        """The `first` events after a cursor, or the oldest kept. Raises BadCursor."""
        cursor = START if after is None else Cursor.parse(after)
        chunk = await self._streams.read(feed, cursor, first)
        return EventPage(chunk.events, str(chunk.cursor), chunk.has_next, chunk.gap)

    async def page_before(self, feed: Feed, before: str | None, last: int) -> EventPage:
        """The `last` events before a cursor, or the newest, oldest first. Raises BadCursor."""
        cursor = None if before is None else Cursor.parse(before)
        newest = await self._streams.latest(feed, last + 1, cursor)
        end = before or str((await self._streams.state(feed.stream)).last)
        return EventPage(
            newest[last - 1 :: -1] if len(newest) > last else newest[::-1],
            newest[0].cursor if newest else end,
            has_next=before is not None, has_previous=len(newest) > last,
        )  # fmt: skip

    async def read(self, feed: Feed, after: Cursor, count: int) -> Chunk:
        """As `page`, for those who read on."""
        return await self._streams.read(feed, after, count)

    async def latest(self, feed: Feed, count: int) -> list[Event]:
        """The last `count` events, newest first."""
        return await self._streams.latest(feed, count)

    async def follow(
        self, feed: Feed, after: str | None = None, read: Read | None = None
    ) -> AsyncGenerator[FeedItem, None]:
        """The past after a cursor, CaughtUp, then what happens, until closed. Raises BadCursor.

        Without a cursor a shared feed begins now and the feed of one subject at its beginning.
        `read` knows of a past beyond what is in Redis.
        """
        start = Cursor.parse(after) if after else None
        reader = self._readers[feed.origin]
        async with reader.joined(feed) as inbox:
            if start is None:
                start = (await self._streams.state(feed.stream)).last if feed.is_shared else START
            follower = Follower(
                feed, start, inbox=inbox, reader=reader, read=read or self._streams.read,
                heartbeat_s=self._settings.feed_heartbeat_s,
            )  # fmt: skip
            while True:
                for item in await follower.next():
                    yield item

    async def tidy(self, before: datetime) -> None:
        """Let go of the history of subjects that nothing happened to since; it becomes a Gap."""
        await self._streams.tidy(int(before.timestamp() * 1000))

    async def close(self) -> None:
        for reader in self._readers.values():
            await reader.stop()

    async def _append(self, event: Event, *, maybe_there: bool) -> Event:
        deadline = time.monotonic() + self._settings.service_timeout_s
        while True:
            try:
                cursor = await self._streams.append(event, maybe_there=maybe_there)
                return replace(event, cursor=cursor)
            except Unavailable:
                if time.monotonic() > deadline:
                    raise
                maybe_there = True
                await asyncio.sleep(RETRY_S)
