"""Logs in Redis: appending lines, closing a log that has ended, letting it go.

    events:logs           lines of all logs, the latest of them, for those who follow one live
    events:log:<job>      the lines of one
    events:ended-logs     jobs that have ended, by when, whose logs are to be archived
    events:closed-logs    logs that take no line any more, by when they were closed

A job's own events reach its log by the script that appends them, see `store.events.scripts`.
"""

from __future__ import annotations

from collections.abc import Sequence

from redis.asyncio import Redis

from store.events.feed import LOGS, Feed
from store.events.scripts import APPEND_LINES, CLOSE_LOGS
from store.events.stream import CLOSED_LOGS, ENDED_LOGS, MAX_LOGS_LINES, key_of
from store.events.wire import Entry, encode
from store.records.event import Event
from store.redis.connection import redis_errors
from store.settings import Settings

MAX_LINES = 20_000
GLANCE, SEARCH = 100, 1_000
"""How many lines a first try and a later one look at for their own: a Redis that stood still runs
what waits in its sockets in any order, so a first try may come after the one that repeats it.
"""
SETTLE_MS = 5_000
"""After its job's end a log is open for the last words of whoever was at it."""
KEEP_S = 600
"""An archived log stays in Redis for those who are reading it there."""
CLOSED_MS = 30 * 24 * 3600 * 1000
"""For longer than any worker that held the job can have been away."""


class LogStreams:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, settings: Settings, redis: Redis) -> None:
        self._settings = settings
        self._redis = redis
        self._append = redis.register_script(APPEND_LINES)
        self._close = redis.register_script(CLOSE_LOGS)

    async def append(self, lines: Sequence[Event], full: Event, *, maybe_there: bool) -> bool:
        """Add lines of one log, no two of them equal; whether it has room for more.

        `full` is the last line of a log that has none.
        """
        keys = [LOGS, Feed.log(full.subject_id).stream, CLOSED_LOGS]
        with redis_errors():
            return bool(
                await self._append(
                    keys=[self._key(name) for name in keys],
                    args=[
                        full.subject_id, MAX_LOGS_LINES, MAX_LINES,
                        SEARCH if maybe_there else GLANCE, encode(full), *map(encode, lines),
                    ],
                )
            )  # fmt: skip

    async def close_ended(self) -> list[str]:
        """Some jobs that have ended and whose logs are still to be archived: now they are whole."""
        with redis_errors():
            ended = await self._close(
                keys=[self._key(ENDED_LOGS), self._key(CLOSED_LOGS)], args=[SETTLE_MS, CLOSED_MS]
            )
        return [job_id.decode() for job_id in ended]

    async def entries(self, job_id: str) -> list[Entry]:
        """Every line, read in one step: half a log must never pass for the whole."""
        with redis_errors():
            entries: list[Entry] = await self._redis.xrange(self._key(Feed.log(job_id).stream))
        return entries

    async def let_go(self, job_id: str) -> None:
        """The log is archived; it leaves Redis a while later."""
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=True)
            pipeline.expire(self._key(Feed.log(job_id).stream), KEEP_S)
            pipeline.zrem(self._key(ENDED_LOGS), job_id)
            await pipeline.execute()

    def _key(self, name: str) -> str:
        return key_of(self._settings, name)
