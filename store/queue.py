"""The doorbell of pipeline workers: the only file that enqueues arq tasks.

The job record is the truth. A ring only says that there may be something to claim, so one too
many costs a look, and a lost one is rung again by `Jobs.sweep`.
"""

from __future__ import annotations

from typing import Any

import orjson
from arq.connections import ArqRedis, RedisSettings
from arq.constants import in_progress_key_prefix, job_key_prefix
from redis.asyncio import Redis
from redis.asyncio.connection import parse_url

from store.clock import now
from store.records.job import Job
from store.redis import redis_errors
from store.settings import Settings

TASK = "run_job"
RING_AGAIN_S = 60
KEEP_MS = 30 * 24 * 3600 * 1000


class Queue:
    """Everything raises Unavailable when Redis does not answer."""

    def __init__(self, *, settings: Settings, redis: Redis) -> None:
        self._name = queue_name(settings)
        self._arq = ArqRedis(
            redis.connection_pool,
            job_serializer=job_serializer,
            job_deserializer=job_deserializer,
            default_queue_name=self._name,
            expires_extra_ms=KEEP_MS,
        )

    async def enqueue_job(self, job: Job) -> None:
        """Ring for a queued job, once a minute at most however many ask.

        A new minute gives a new ring: the worker that took the last one may have died before it
        claimed the job.
        """
        waited_s = (now() - (job.not_before or job.created_at)).total_seconds()
        number = max(0, int(waited_s // RING_AGAIN_S))
        with redis_errors():
            await self._arq.enqueue_job(
                TASK,
                job.id,
                _job_id=f"{job.id}:{job.attempt}:{number}",
                _defer_until=job.not_before,
            )

    async def forget(self, job: Job) -> None:
        """Take away the rings that led to an attempt whose worker died.

        arq would hold them as in progress for ever. A ring for the next attempt stays.
        """
        with redis_errors():
            async for ring, _ in self._arq.zscan_iter(self._name, match=f"{job.id}:*"):
                name = ring.decode()
                if int(name.split(":")[1]) < job.attempt:
                    await self._arq.zrem(self._name, ring)
                    await self._arq.delete(job_key_prefix + name, in_progress_key_prefix + name)

    async def depth(self) -> int:
        """Rings that wait or are being answered."""
        with redis_errors():
            return int(await self._arq.zcard(self._name))


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
