"""How much the object store holds: measured by any one worker, once a minute at most.

    {prefix}:storage          what was measured last
    {prefix}:storage:lock     is there while somebody measures, and for a minute after

A look at every object takes a while, so nobody who asks waits for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from redis.asyncio import Redis

from store.clock import now
from store.codec import from_plain, to_plain
from store.objects import ObjectStore, Usage
from store.redis.connection import redis_errors
from store.settings import Settings

MEASURED_EACH_S = 60
GIVEN_UP_S = 3600
"""A measurement that takes this long has died, or had better not be made by two at once."""


@dataclass(frozen=True, slots=True)
class Measurement:
    measured_at: datetime
    kinds: dict[str, Usage]
    """By the first part of the keys, such as `uploads`."""

    @property
    def bytes(self) -> int:
        return sum(usage.bytes for usage in self.kinds.values())

    @property
    def objects(self) -> int:
        return sum(usage.objects for usage in self.kinds.values())


class Storage:
    """Everything raises Unavailable when a service does not answer."""

    def __init__(self, *, settings: Settings, redis: Redis, objects: ObjectStore) -> None:
        self._key = f"{settings.redis_prefix}:storage"
        self._lock = f"{self._key}:lock"
        self._redis = redis
        self._objects = objects

    async def measured(self) -> Measurement | None:
        """None before the first time."""
        with redis_errors():
            found = await self._redis.get(self._key)
        return from_plain(Measurement, orjson.loads(found)) if found else None

    async def measure(self) -> None:
        """Look at every object, unless somebody does or has done so in the last minute."""
        with redis_errors():
            if not await self._redis.set(self._lock, "", nx=True, ex=GIVEN_UP_S):
                return
        try:
            measurement = Measurement(now(), await self._objects.usage())
            with redis_errors():
                await self._redis.set(self._key, orjson.dumps(to_plain(measurement)))
        finally:
            with redis_errors():
                await self._redis.expire(self._lock, MEASURED_EACH_S)
