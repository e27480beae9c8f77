"""The whole store: opened once a process, closed in the opposite order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass

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
    queue: Queue
    queues: Queues
    waits: Waits
    calls: Calls
    throttle: Throttle
    budget: Budget
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


def _store(
    *,
    settings: Settings,
    mongo: Collections,
    objects: ObjectStore,
    redis: Redis,
    events: Events,
    calls: Calls,
    budget: Budget,
) -> Store:
    queue = Queue(settings=settings, redis=redis)
    queues = Queues(settings=settings, mongo=mongo, events=events, queue=queue, calls=calls)
    throttle = Throttle(settings=settings, redis=redis)
    audit = Audit(mongo=mongo)
    quotas = Quotas(settings=settings, mongo=mongo, redis=redis)
    uploads = Uploads(settings=settings, mongo=mongo, objects=objects)
    estimates = Estimates(mongo=mongo)
    presence = Presence(settings=settings, redis=redis, events=events)
    storage = Storage(settings=settings, redis=redis, objects=objects)
    services = Services(
        mongo=mongo, redis=redis, objects=objects, timeout_s=settings.service_timeout_s
    )
    jobs = Jobs(settings=settings, mongo=mongo, queue=queue, events=events)
    job_logs = JobLogs(settings=settings, mongo=mongo, redis=redis, events=events, objects=objects)
    datasets = Datasets(
        settings=settings,
        mongo=mongo,
        objects=objects,
        events=events,
        jobs=jobs,
        uploads=uploads,
        estimates=estimates,
    )
    models = Models(mongo=mongo, events=events, jobs=jobs, estimates=estimates)
    trash = Trash(
        settings=settings, mongo=mongo, objects=objects, events=events, jobs=jobs, models=models
    )
    bulk = Bulk(
        settings=settings,
        mongo=mongo,
        objects=objects,
        jobs=jobs,
        uploads=uploads,
        estimates=estimates,
        quotas=quotas,
    )
    operations = Operations(
        settings=settings, mongo=mongo, objects=objects, jobs=jobs, uploads=uploads
    )
    search = Search(mongo=mongo, jobs=jobs, calls=calls)
    comparisons = Comparisons(mongo=mongo, jobs=jobs)
    drift = Drift(mongo=mongo, jobs=jobs, events=events)
    trials = Trials(mongo=mongo, jobs=jobs, datasets=datasets, models=models)
    checks = Checks(mongo=mongo, jobs=jobs, datasets=datasets)
    cards = Cards(mongo=mongo, events=events)
    golden = Golden(mongo=mongo, calls=calls)
    clusters = Clusters(mongo=mongo, objects=objects, calls=calls, events=events)
    webhooks = Webhooks(settings=settings, mongo=mongo, redis=redis, events=events)
    return Store(
        settings=settings,
        redis=redis,
        mongo=mongo,
        objects=objects,
        events=events,
        queue=queue,
        queues=queues,
        waits=Waits(
            settings=settings,
            mongo=mongo,
            queue=queue,
            queues=queues,
            presence=presence,
            estimates=estimates,
        ),
        calls=calls,
        throttle=throttle,
        budget=budget,
        quotas=quotas,
        idempotency=Idempotency(mongo=mongo),
        accounts=Accounts(settings=settings, mongo=mongo, events=events, throttle=throttle),
        usage=Usage(settings=settings, redis=redis, mongo=mongo),
        audit=audit,
        audit_exports=AuditExports(settings=settings, mongo=mongo, audit=audit),
        retention=Retention(settings=settings, mongo=mongo, objects=objects),
        uploads=uploads,
        estimates=estimates,
        jobs=jobs,
        job_logs=job_logs,
        embed_shards=EmbedShards(settings=settings, mongo=mongo, objects=objects, queue=queue),
        datasets=datasets,
        rows=Rows(calls=calls),
        checks=checks,
        models=models,
        cards=cards,
        golden=golden,
        comparisons=comparisons,
        corrections=Corrections(
            settings=settings,
            mongo=mongo,
            datasets=datasets,
            models=models,
            comparisons=comparisons,
        ),
        drift=drift,
        labelling=Labelling(mongo=mongo),
        predictions=Predictions(
            settings=settings,
            mongo=mongo,
            redis=redis,
            events=events,
            calls=calls,
            quotas=quotas,
        ),
        explanations=Explanations(settings=settings, mongo=mongo, redis=redis, calls=calls),
        bulk=bulk,
        operations=operations,
        clusters=clusters,
        search=search,
        live=Live(mongo),
        trash=trash,
        trials=trials,
        mending=Mending(
            mongo=mongo,
            datasets=datasets,
            models=models,
            trash=trash,
            bulk=bulk,
            operations=operations,
            search=search,
            trials=trials,
            checks=checks,
            comparisons=comparisons,
            drift=drift,
        ),
        undo=Undo(
            settings=settings,
            mongo=mongo,
            datasets=datasets,
            models=models,
            cards=cards,
            golden=golden,
            clusters=clusters,
            trash=trash,
        ),
        presence=presence,
        storage=storage,
        services=services,
        system=System(
            settings=settings,
            services=services,
            presence=presence,
            queues=queues,
            storage=storage,
        ),
        webhooks=webhooks,
        deliveries=Deliveries(mongo=mongo),
    )
