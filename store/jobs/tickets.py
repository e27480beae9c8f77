"""The jobs that wait, in Redis, for whoever chooses the next one.

    {prefix}:jobs:waiting     hash: job id -> [kind, owner, priority, waits since, p50, p90]
    {prefix}:jobs:starts      sorted set: "<priority>:<owner>" by when such a job last started
    {prefix}:jobs:choosing    lock: one chooses at a time

The records in MongoDB decide; this is a copy, because every choice looks at all that waits: 10,000
tickets are read in 20 ms, as many records in 2 s. A ticket that is missing is written again by the
sweeper; one too many goes when its job turns out to be gone.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import orjson
from redis.asyncio import Redis

from store.errors import Unavailable
from store.records.job import Job, JobKind, Priority, Span
from store.records.ticket import Ticket
from store.redis.connection import redis_errors
from store.settings import Settings

CHOOSING_S = 5.0
"""Longest choice; who stalls for longer may overshoot a limit by one job."""
STARTS_KEPT_S = 3600
KINDS = {kind.value: kind for kind in JobKind}
PRIORITIES = {priority.value: priority for priority in Priority}

Starts = Mapping[tuple[str, Priority], datetime]
"""When a job of this owner and priority was last started, within the last hour."""


class Tickets:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, *, settings: Settings, redis: Redis) -> None:
        prefix = f"{settings.redis_prefix}:jobs"
        self._waiting, self._starts = f"{prefix}:waiting", f"{prefix}:starts"
        self._choosing = f"{prefix}:choosing"
        self._patience_s = CHOOSING_S + settings.service_timeout_s
        self._redis = redis

    async def add(self, jobs: Iterable[Job]) -> None:
        """Let jobs be chosen; a ticket that is there already is replaced."""
        tickets = {job.id: _dump(Ticket.of(job)) for job in jobs}
        with redis_errors():
            await self._redis.hset(self._waiting, mapping=tickets)

    async def remove(self, job_id: str) -> None:
        with redis_errors():
            await self._redis.hdel(self._waiting, job_id)

    async def count(self) -> int:
        with redis_errors():
            return int(await self._redis.hlen(self._waiting))

    async def all(self) -> dict[str, Ticket]:
        """Every ticket by its job, in no order."""
        with redis_errors():
            found = await self._redis.hgetall(self._waiting)
        tickets = (_load(job_id, entry) for job_id, entry in found.items())
        return {ticket.id: ticket for ticket in tickets if ticket}

    async def started(self, ticket: Ticket, at: datetime) -> None:
        """Its job waits no longer, and its owner had a turn."""
        seconds = at.timestamp()
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.hdel(self._waiting, ticket.id)
            pipeline.zadd(self._starts, {f"{ticket.priority}:{ticket.owner_id}": seconds})
            pipeline.zremrangebyscore(self._starts, "-inf", seconds - STARTS_KEPT_S)
            await pipeline.execute()

    async def starts(self) -> Starts:
        with redis_errors():
            found = await self._redis.zrange(self._starts, 0, -1, withscores=True)
        split = ((member.decode().partition(":"), seconds) for member, seconds in found)
        return {
            (owner, PRIORITIES[priority]): datetime.fromtimestamp(seconds, UTC)
            for (priority, _, owner), seconds in split
            if priority in PRIORITIES
        }

    @asynccontextmanager
    async def choosing(self) -> AsyncIterator[None]:
        """Nobody else chooses within."""
        lock: Any = self._redis.lock(
            self._choosing, timeout=CHOOSING_S, sleep=0.01, blocking_timeout=self._patience_s
        )
        with redis_errors():
            if not await lock.acquire():
                raise Unavailable("redis", "others choose their next job for too long")
        try:
            yield
        finally:
            with suppress(Unavailable), redis_errors():  # it ends by itself
                await lock.release()


def _dump(ticket: Ticket) -> bytes:
    estimate = ticket.estimate
    return orjson.dumps(
        [
            ticket.kind, ticket.owner_id, ticket.priority, int(ticket.since.timestamp() * 1000),
            estimate and estimate.p50, estimate and estimate.p90,
        ]
    )  # fmt: skip


@lru_cache(maxsize=20_000)  # the same ones are read for every choice
def _load(job_id: bytes, entry: bytes) -> Ticket | None:
    """None for a kind or priority that only newer workers know."""
    kind, owner_id, priority, since_ms, p50, p90, *_ = orjson.loads(entry)
    if kind not in KINDS or priority not in PRIORITIES:
        return None
    return Ticket(
        job_id.decode(), KINDS[kind], owner_id, PRIORITIES[priority],
        datetime.fromtimestamp(since_ms / 1000, UTC),
        None if p50 is None else Span(p50, p90),
    )  # fmt: skip
