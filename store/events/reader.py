"""One task a process reads a shared stream and hands each event to whoever follows it."""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import Context

import structlog

from store.errors import Unavailable
from store.events.cursor import Cursor
from store.events.feed import Feed, streams_of
from store.events.inbox import Inbox
from store.events.state import Arrival
from store.events.stream import Streams
from store.events.wire import cursor_of, decode_all
from store.records.event import Event
from store.redis.connection import open_redis
from store.settings import Settings
from store.telemetry import metrics

RECONNECT_S = 0.1
AT_ONCE = 100
"""So many followers are woken before others have a turn: a thousand hold the loop for 60 ms."""

log = structlog.get_logger(__name__)


class Reader:
    """Runs while somebody follows, on a connection of its own; outlives a Redis that restarts.

    Each shared stream has its own: who follows jobs is not woken by every prediction.
    """

    def __init__(self, settings: Settings, streams: Streams, origin: str) -> None:
        self._settings = settings
        self._origin = origin
        self._streams = streams
        self._inboxes: defaultdict[str, set[Inbox]] = defaultdict(set)
        self._starting = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._down_since: float | None = None

    @asynccontextmanager
    async def joined(self, feed: Feed) -> AsyncIterator[Inbox]:
        """An inbox that every event of `feed` reaches from now on. Raises Unavailable."""
        inbox = Inbox()
        self._inboxes[feed.stream].add(inbox)
        try:
            await self._start()
            yield inbox
        finally:
            await self._leave(feed, inbox)

    def check(self, patience_s: float) -> None:
        """Raise Unavailable when the reader has ended, or could not read for that long."""
        if self._task is None or self._task.done():
            raise Unavailable("redis", "the reader of events has ended")
        if self._down_since is not None and time.monotonic() - self._down_since >= patience_s:
            raise Unavailable("redis", f"events could not be read for {patience_s:g} s")

    async def stop(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait([task])

    async def _start(self) -> None:
        """Running, from a position that is known: what comes after it is not missed."""
        async with self._starting:
            if self._task is None or self._task.done():
                position = (await self._streams.state(self._origin)).last
                self._down_since = None
                self._task = asyncio.create_task(
                    self._run(position), name="events-reader", context=Context()
                )

    async def _leave(self, feed: Feed, inbox: Inbox) -> None:
        inbox.close()
        self._inboxes[feed.stream].discard(inbox)
        if not self._inboxes[feed.stream]:
            del self._inboxes[feed.stream]
        if not self._inboxes:
            await self.stop()

    async def _run(self, position: Cursor) -> None:
        redis = open_redis(self._settings, max_connections=1)
        streams = Streams(self._settings, redis)
        try:
            while True:
                arrival = await self._wait(streams, position)
                if arrival is not None:
                    position = await self._deliver(arrival, position)
        finally:
            await redis.aclose()

    async def _wait(self, streams: Streams, position: Cursor) -> Arrival | None:
        """What came next; None while Redis is away."""
        try:
            # half of what the socket would wait, so that silence is not taken for a fault
            timeout_s = self._settings.service_timeout_s / 2
            arrival = await streams.wait(self._origin, position, timeout_s)
        except Unavailable as error:
            if self._down_since is None:
                log.warning("events.reader_down", error=str(error))
                self._down_since = time.monotonic()
            await asyncio.sleep(RECONNECT_S)
            return None
        self._down_since = None
        return arrival

    async def _deliver(self, arrival: Arrival, position: Cursor) -> Cursor:
        """Hand out what came; returns the position after it."""
        if not arrival.is_whole:
            self._lose()
            position = arrival.state.last
        by_stream: defaultdict[str, list[Event]] = defaultdict(list)
        for event in decode_all(arrival.entries):
            metrics.FEED_LAG.observe(max(0.0, time.time() - Cursor.parse(event.cursor).ms / 1000))
            for stream in streams_of(event, self._origin):
                by_stream[stream].append(event)
        for stream, events in by_stream.items():
            for number, inbox in enumerate(tuple(self._inboxes.get(stream, ())), 1):
                inbox.put(events)
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
        return cursor_of(arrival.entries[-1]) if arrival.entries else position

    def _lose(self) -> None:
        """Events are gone before they were read here: each follower finds out what it lacks."""
        for inboxes in self._inboxes.values():
            for inbox in inboxes:
                inbox.fall_behind()
