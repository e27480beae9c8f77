"""The whole store: opened once a process, closed in the opposite order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from inspect import signature
from typing import Any, get_type_hints

from redis.asyncio import Redis

from store.accounts import Accounts
from store.accounts.throttle import Throttle
from store.answers.bulk import Bulk
from store.answers.explanations import Explanations
from store.answers.predictions import Predictions
from store.answers.search import Search
from store.audit.audit import Audit
from store.audit.export import AuditExports
from store.calls.calls import Calls
from store.clusters import Clusters
from store.datasets.checks import Checks
from store.datasets.datasets import Datasets
from store.datasets.rows import Rows
from store.datasets.uploads import Uploads
from store.errors import Unavailable
from store.events import Events
from store.idempotency import Idempotency
from store.joblogs import JobLogs
from store.jobs import Jobs
from store.jobs.queue import Queue
from store.learning.corrections import Corrections
from store.learning.drift import Drift
from store.learning.labelling import Labelling
from store.learning.trials import Trials
from store.limits.budget import Budget
from store.limits.quotas import Quotas
from store.limits.usage import Usage
from store.live import Live
from store.mending import Mending
from store.models.cards import Cards
from store.models.comparisons import Comparisons
from store.models.golden import Golden
from store.models.models import Models
from store.mongo import Collections, open_collections
from store.objects import ObjectStore, open_object_store
from store.operations import Operations
from store.redis.connection import open_redis
from store.settings import Settings
from store.system.health import Health, Services
from store.system.one_volume import check_volume
from store.system.presence import Presence
from store.system.queues import Queues
from store.system.retention import Retention
from store.system.storage import Storage
from store.system.system import System
from store.system.waits import Waits
from store.training.embed_shards import EmbedShards
from store.training.estimates import Estimates
from store.trash import Trash
from store.undo import Undo
from store.webhooks import Deliveries, Webhooks


@dataclass(frozen=True, slots=True)
class Store:
    """Every verb by its noun; what each may raise is in `store.errors`."""

    settings: Settings
    redis: Redis
    mongo: Collections
    objects: ObjectStore
    events: Events
    calls: Calls
    budget: Budget

    # each takes from those above it what its own arguments name
    queue: Queue
    queues: Queues
    throttle: Throttle
    quotas: Quotas
    idempotency: Idempotency
    accounts: Accounts
    usage: Usage
    audit: Audit
    audit_exports: AuditExports
    retention: Retention
    uploads: Uploads
    estimates: Estimates
    jobs: Jobs
    job_logs: JobLogs
    embed_shards: EmbedShards
    datasets: Datasets
    rows: Rows
    checks: Checks
    models: Models
    cards: Cards
    golden: Golden
    comparisons: Comparisons
    corrections: Corrections
    drift: Drift
    labelling: Labelling
    predictions: Predictions
    explanations: Explanations
    search: Search
    clusters: Clusters
    bulk: Bulk
    operations: Operations
    live: Live
    trash: Trash
    trials: Trials
    mending: Mending
    undo: Undo
    presence: Presence
    waits: Waits
    storage: Storage
    services: Services
    system: System
    webhooks: Webhooks
    deliveries: Deliveries

    async def health(self) -> dict[str, Health]:
        """Each service asked at the same time, none for longer than `service_timeout_s`."""
        return await self.services.health()


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """Connect to every service.

    Raises Unavailable when MongoDB or the object store does not answer, and WrongVolume.
    """
    async with AsyncExitStack() as stack:
        mongo = await stack.enter_async_context(open_collections(settings))
        objects = await stack.enter_async_context(open_object_store(settings))
        redis = open_redis(settings)
        stack.push_async_callback(redis.aclose)
        if settings.minio_endpoint is None:
            with suppress(Unavailable):  # Redis may come up later than we do
                await check_volume(settings, redis)
        events = Events(settings=settings, redis=redis)
        stack.push_async_callback(events.close)
        calls = Calls(settings=settings, redis=redis)
        stack.push_async_callback(calls.close)
        budget = Budget(settings=settings, redis=redis)
        stack.push_async_callback(budget.close)
        yield _store(
            settings=settings, mongo=mongo, objects=objects, redis=redis, events=events,
            calls=calls, budget=budget,
        )  # fmt: skip


def _store(**parts: Any) -> Store:
    """All that is open, and every noun made from it."""
    for name, kind in get_type_hints(Store).items():
        if name not in parts:
            parts[name] = kind(**{needed: parts[needed] for needed in signature(kind).parameters})
    return Store(**parts)
