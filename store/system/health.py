"""Does each service answer, and how fast?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field

from redis.asyncio import Redis

from store.errors import StoreError
from store.mongo import Collections
from store.objects import ObjectStore
from store.redis.connection import redis_errors
from store.settings import Settings


@dataclass(frozen=True, slots=True)
class Health:
    ok: bool
    latency_ms: float = field(compare=False)
    """It is never the same twice; what is told when something changes is not told for it."""
    detail: str = ""


class Services:
    """The three that everything leans on."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, redis: Redis, objects: ObjectStore
    ) -> None:
        self._mongo, self._redis, self._objects = mongo, redis, objects
        self._timeout_s = settings.service_timeout_s

    async def health(self) -> dict[str, Health]:
        """Each asked at the same time, none for longer than `service_timeout_s`."""
        probes = {
            "mongodb": self._mongo.ping(),
            "redis": self._ping_redis(),
            "objects": self._objects.health(),
        }
        results = await asyncio.gather(*(self._probe(probe) for probe in probes.values()))
        return dict(zip(probes, results, strict=True))

    async def _ping_redis(self) -> None:
        with redis_errors():
            await self._redis.ping()

    async def _probe(self, probe: Awaitable[object]) -> Health:
        started = time.perf_counter()
        detail = ""
        try:
            await asyncio.wait_for(probe, self._timeout_s)
        except TimeoutError:
            detail = f"no answer in {self._timeout_s:g} s"
        except StoreError as error:
            detail = str(error)
        latency_ms = (time.perf_counter() - started) * 1000
        return Health(ok=not detail, latency_ms=latency_ms, detail=detail)
