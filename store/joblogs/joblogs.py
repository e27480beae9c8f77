"""The verbs of logs: append, page, follow, and the sweep that archives.

A job that runs has its log in Redis. Some seconds after its end the log is closed, written to the
object store, and let go minutes later; whoever reads finds it in either under the same cursors.
Every step can be taken again: a closed log takes no more lines, and the first archive stays.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from redis.asyncio import Redis

from store.events import EventPage, Events, Feed, FeedItem
from store.events.cursor import START, Cursor
from store.events.follower import CHUNK
from store.joblogs.archive import pack
from store.joblogs.ending import LAST, has_end, to_the_end
from store.joblogs.lines import line
from store.joblogs.reading import Reading
from store.joblogs.streams import MAX_LINES, LogStreams
from store.mongo import Collections
from store.objects import ObjectStore, keys
from store.records.event import Event, LogLevel
from store.records.job import Job
from store.settings import Settings


class JobLogs:
    """Everything raises Unavailable when a service does not answer."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, redis: Redis, events: Events,
        objects: ObjectStore,
    ) -> None:  # fmt: skip
        self._streams = LogStreams(settings, redis)
        self._events = events
        self._objects = objects
        self._jobs = mongo.jobs

    async def append(self, job: Job, lines: Sequence[Event], *, maybe_there: bool) -> bool:
        """Add lines of one writer, no two of them equal; whether the log has room for more.

        With `maybe_there` an earlier try may have gone through, and they are added once.
        """
        message = f"the log is full: it keeps {MAX_LINES:,} lines"
        full = line(job, LogLevel.WARNING, message, lines[-1].at)
        return await self._streams.append(lines, full, maybe_there=maybe_there)

    async def page(
        self, job: Job, after: str | None, first: int, wanted: Callable[[Event], bool] | None = None
    ) -> EventPage:
        """The `first` wanted lines after a cursor, or the first of all. Raises BadCursor."""
        cursor, reading = START if after is None else Cursor.parse(after), self._reading(job)
        found: list[Event] = []
        gap, size = None, CHUNK if wanted else first + 1
        while True:
            chunk = await reading.read(Feed.log(job.id), cursor, size)
            cursor, gap = chunk.cursor, gap or chunk.gap
            found += [event for event in chunk.events if wanted is None or wanted(event)]
            if len(found) > first:
                return EventPage(found[:first], found[first - 1].cursor, True, gap)
            if not chunk.has_next:
                return EventPage(found, str(cursor), False, gap)

    async def follow(self, job: Job, after: str | None) -> AsyncGenerator[FeedItem, None]:
        """The lines after a cursor, CaughtUp, then what comes until the job has ended.

        Raises BadCursor.
        """
        reading = self._reading(job)

        async def is_told(cursor: str) -> bool:
            latest = await self._events.latest(Feed.log(job.id), LAST)
            return reading.is_over or has_end(latest, cursor)

        async def is_over() -> bool:
            return (await self._jobs.get(job.id)).status.is_terminal

        items = self._events.follow(Feed.log(job.id), after, reading.read)
        async with aclosing(to_the_end(items, is_told=is_told, is_over=is_over)) as told:
            async for item in told:
                yield item

    async def sweep(self) -> int:
        """Archive logs of jobs that have ended; returns how many. Any number may do it at once."""
        ended = await self._streams.close_ended()
        for job_id in ended:
            await self._archive(job_id)
        return len(ended)

    async def _archive(self, job_id: str) -> None:
        """The first archive stays: where Redis lost its data since, the log there is less."""
        job = await self._jobs.find(job_id)
        if job is not None and await self._objects.stat(_key(job)) is None:
            entries = await self._streams.entries(job_id)
            if entries:
                packed = await asyncio.to_thread(pack, entries)
                await self._objects.put_bytes(_key(job), packed)
                # too late for the purge of its data set: that began before it looked what there is
                if await self._jobs.is_purging(job.dataset_id):
                    await self._objects.delete(_key(job))
        await self._streams.let_go(job_id)

    def _reading(self, job: Job) -> Reading:
        return Reading(job, _key(job), events=self._events, objects=self._objects)


def _key(job: Job) -> str:
    return keys.job_log(job.id, job.dataset_id)
