"""The whole store: opened once a process, closed in the opposite order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from redis.asyncio import Redis

from store.accounts import Accounts
from store.calls import Calls
from store.datasets import Datasets
from store.errors import StoreError
from store.events import Events
from store.idempotency import Idempotency
from store.jobs import Jobs
from store.models import Models
from store.mongo import Collections, open_collections
from store.objects import ObjectStore, open_object_store
from store.predictions import Predictions
from store.queue import Queue
from store.redis import open_redis, redis_errors
from store.settings import Settings
from store.throttle import Throttle
from store.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Health:
    ok: bool
    latency_ms: float
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Store:
    """Every verb by its noun; what each may raise is in `store.errors`."""

    settings: Settings
    redis: Redis
    mongo: Collections
    objects: ObjectStore
    events: Events
    queue: Queue
    calls: Calls
    throttle: Throttle
    idempotency: Idempotency
    accounts: Accounts
    uploads: Uploads
    jobs: Jobs
    datasets: Datasets
    models: Models
    predictions: Predictions

    async def health(self) -> dict[str, Health]:
        """Each service asked at the same time, none for longer than `service_timeout_s`."""
        probes = {
            "mongodb": self.mongo.ping(),
            "redis": self._ping_redis(),
            "objects": self.objects.health(),
        }
        results = await asyncio.gather(*(self._probe(probe) for probe in probes.values()))
        return dict(zip(probes, results, strict=True))

    async def _ping_redis(self) -> None:
        with redis_errors():
            await self.redis.ping()

    async def _probe(self, probe: Awaitable[object]) -> Health:
        started = time.perf_counter()
        detail = ""
        try:
            await asyncio.wait_for(probe, self.settings.service_timeout_s)
        except TimeoutError:
            detail = f"no answer in {self.settings.service_timeout_s:g} s"
        except StoreError as error:
            detail = str(error)
        latency_ms = (time.perf_counter() - started) * 1000
        return Health(ok=not detail, latency_ms=latency_ms, detail=detail)


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """Connect to every service. Raises Unavailable when one does not answer."""
    async with AsyncExitStack() as stack:
        mongo = await stack.enter_async_context(open_collections(settings))
        objects = await stack.enter_async_context(open_object_store(settings))
        redis = open_redis(settings)
        stack.push_async_callback(redis.aclose)
        events = Events(settings=settings, redis=redis)
        stack.push_async_callback(events.close)
        calls = Calls(settings=settings, redis=redis)
        stack.push_async_callback(calls.close)
        yield _store(
            settings=settings, mongo=mongo, objects=objects, redis=redis, events=events, calls=calls
        )


def _store(
    *,
    settings: Settings,
    mongo: Collections,
    objects: ObjectStore,
    redis: Redis,
    events: Events,
    calls: Calls,
) -> Store:
    queue = Queue(settings=settings, redis=redis)
    throttle = Throttle(settings=settings, redis=redis)
    uploads = Uploads(settings=settings, mongo=mongo, objects=objects)
    jobs = Jobs(settings=settings, mongo=mongo, queue=queue, events=events)
    return Store(
        settings=settings,
        redis=redis,
        mongo=mongo,
        objects=objects,
        events=events,
        queue=queue,
        calls=calls,
        throttle=throttle,
        idempotency=Idempotency(mongo=mongo),
        accounts=Accounts(settings=settings, mongo=mongo, events=events, throttle=throttle),
        uploads=uploads,
        jobs=jobs,
        datasets=Datasets(
            settings=settings,
            mongo=mongo,
            objects=objects,
            events=events,
            jobs=jobs,
            uploads=uploads,
        ),
        models=Models(mongo=mongo, events=events, jobs=jobs),
        predictions=Predictions(
            settings=settings, mongo=mongo, redis=redis, events=events, calls=calls
        ),
    )
