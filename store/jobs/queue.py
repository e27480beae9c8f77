"""The doorbell of pipeline workers: the only file that enqueues arq tasks.

The job record is the truth. A ring only says that there may be something to claim, whatever it is:
whoever answers goes on until there is nothing left. So one too many costs a look, and a lost one is
rung again by `Jobs.sweep`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from arq.connections import ArqRedis, RedisSettings
from arq.constants import job_key_prefix
from redis.asyncio import Redis
from redis.asyncio.connection import parse_url

from store.clock import now
from store.jobs.tickets import Tickets
from store.records.embed_shard import EmbedShard
from store.records.job import Job
from store.redis.connection import redis_errors
from store.settings import Settings

TASK = "run_job"
SHARD_TASK = "embed_shard"
BELL_S = 60
"""How long a ring for servers lasts."""
ENOUGH = 8
"""Rings that wait already, past which one more would say nothing new."""
MEND_EACH_S = 10
KEEP_MS = 30 * 24 * 3600 * 1000


class Queue:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, *, settings: Settings, redis: Redis) -> None:
        self.tickets = Tickets(settings=settings, redis=redis)
        self._name = queue_name(settings)
        self._mended = f"{self._name}:mended"
        self._bell = f"{settings.redis_prefix}:jobs:bell"
        self._redis = redis
        self._arq = ArqRedis(
            redis.connection_pool,
            job_serializer=job_serializer,
            job_deserializer=job_deserializer,
            default_queue_name=self._name,
            expires_extra_ms=KEEP_MS,
        )

    async def enqueue(self, *jobs: Job) -> None:
        """Have the jobs taken up, each when it is due."""
        await self.tickets.add(jobs)
        at = now()
        if any(job.kind.is_served for job in jobs):
            await self.ring_servers()
        jobs = tuple(job for job in jobs if not job.kind.is_served)
        later = [job for job in jobs if job.not_before and job.not_before > at]
        for job in later:
            await self._ring(job.not_before, f"{job.id}:{job.attempt}")
        if len(later) < len(jobs):
            await self.ring()

    async def ring_servers(self) -> None:
        """Have one server look for a job of its own kinds; all look now and then in any case."""
        with redis_errors():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.lpush(self._bell, b"1")
            pipeline.ltrim(self._bell, 0, 0)
            pipeline.expire(self._bell, BELL_S)
            await pipeline.execute()

    async def heard(self, timeout_s: float) -> None:
        """Return when a server is rung for, or when the time is over."""
        with redis_errors():
            await self._redis.blpop([self._bell], timeout=timeout_s)

    async def ring(self) -> None:
        """Have one worker look, unless enough are about to: who takes a job rings for the next."""
        due = int(now().timestamp() * 1000) + 2  # we cut a part of a millisecond off, arq rounds
        with redis_errors():
            waiting = await self._arq.zcount(self._name, "-inf", due)
        if waiting < ENOUGH:
            await self._ring()

    async def enqueue_shard(self, shard: EmbedShard) -> None:
        """Have a worker that is free embed it, or another shard whose turn it is."""
        with redis_errors():
            await self._arq.enqueue_job(SHARD_TASK, _job_id=shard.id)

    async def may_mend(self) -> bool:
        """Whether nobody has looked for lost rings of late: to look at all that waits is dear."""
        with redis_errors():
            return bool(await self._arq.set(self._mended, b"", nx=True, ex=MEND_EACH_S))

    async def answered(self, ring: str) -> None:
        """Take the ring away: its worker may be busy for hours, or die."""
        with redis_errors():
            pipeline = self._arq.pipeline(transaction=False)
            pipeline.zrem(self._name, ring)
            pipeline.delete(job_key_prefix + ring)
            await pipeline.execute()

    async def depth(self) -> int:
        """Jobs that wait."""
        return await self.tickets.count()

    async def _ring(self, at: datetime | None = None, name: str | None = None) -> None:
        with redis_errors():
            await self._arq.enqueue_job(TASK, _job_id=name, _defer_until=at)


def queue_name(settings: Settings) -> str:
    """The sorted set that arq keeps the rings in."""
    return f"{settings.redis_prefix}:pipeline"


def redis_settings(settings: Settings) -> RedisSettings:
    """Where arq's worker connects, from the same URL as everybody else."""
    parts = parse_url(settings.redis_url)
    return RedisSettings(
        host=parts.get("host", "localhost"),
        port=parts.get("port", 6379),
        unix_socket_path=parts.get("path"),
        database=parts.get("db", 0),
        username=parts.get("username"),
        password=parts.get("password"),
        ssl=settings.redis_url.startswith("rediss:"),
        conn_timeout=int(max(1, settings.service_timeout_s)),
    )


def job_serializer(task: dict[str, Any]) -> bytes:
    """JSON, never pickle; an exception among the results becomes its text."""
    return orjson.dumps(task, default=repr)


def job_deserializer(data: bytes) -> dict[str, Any]:
    """What `job_serializer` wrote."""
    task: dict[str, Any] = orjson.loads(data)
    return task
