"""The platform's own parts, as admins see them."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import datetime

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.jobs.types import Job
from schema.models.types import ModelVersion
from schema.nodes import shows
from schema.scalars import BigInt
from schema.system.queues import Queue
from schema.visibility import find_job, find_model_version
from store.errors import Unavailable
from store.records import worker as records
from store.records.job import Job as JobRecord
from store.records.model import ModelVersion as ModelVersionRecord
from store.system.queues import QueueStatus
from store.system.storage import Measurement
from store.system.system import SystemState

show_enum(
    records.WorkerKind,
    "What a worker does.",
    PIPELINE="Runs jobs.",
    INFERENCE="Answers with published models.",
)


async def _job(work: strawberry.Parent[records.WorkAtHand], info: Info) -> JobRecord | None:
    with suppress(Unavailable):  # `services` say so; the rest is told all the same
        return await find_job(info.context, work.job_id)
    return None


async def _models(
    worker: strawberry.Parent[records.WorkerPresence], info: Info
) -> list[ModelVersionRecord]:
    looking = (find_model_version(info.context, version_id) for version_id in worker.models)
    with suppress(Unavailable):
        return [version for version in await asyncio.gather(*looking) if version]
    return []


@strawberry.type(description="One attempt that a worker is at.")
class WorkAtHand:
    job: JobRecord | None = strawberry.field(
        resolver=_job,
        graphql_type=Job | None,
        description="The job as it is now; null when the records are out of reach.",
    )
    stage: str | None = strawberry.field(description="The stage; null before the first one.")
    attempt: int = strawberry.field(description="Which attempt at the job this is.")


@strawberry.type(description="A process that does the work, on any host.")
class Worker:
    id: strawberry.ID = strawberry.field(description="Its host and process id.")
    kind: records.WorkerKind = strawberry.field(description="What it does.")
    host: str = strawberry.field(description="The host or container that it runs on.")
    pid: int = strawberry.field(description="Its process id there.")
    version: str = strawberry.field(description="The version of Shoal that it runs.")
    started_at: datetime = strawberry.field(description="When it came up, by its host's clock.")
    heartbeat: datetime = strawberry.field(description="When it was last heard of.")
    memory_bytes: BigInt = strawberry.field(
        description="The memory that it and its child processes hold."
    )
    memory_total_bytes: BigInt = strawberry.field(
        description="The memory of its host, or the limit of its container."
    )
    cores: int = strawberry.field(description="The processors that it may use.")
    slots: int = strawberry.field(
        description="How much it does side by side: jobs, or chunks of texts."
    )
    jobs: list[WorkAtHand] = strawberry.field(
        description="What a pipeline worker is at, its own jobs and those that it helps with; at "
        "most one more than it has slots."
    )
    model_versions: list[ModelVersionRecord] = strawberry.field(
        resolver=_models,
        graphql_type=list[ModelVersion],
        description="What an inference worker holds in memory, at most eight.",
    )


@strawberry.type(description="A service that the platform leans on.")
class Service:
    name: str = strawberry.field(description="`mongodb`, `redis` or `objects`.")
    ok: bool = strawberry.field(description="Whether it answers.")
    latency_ms: float = strawberry.field(description="How long its last answer took.")
    detail: str = strawberry.field(description="Why it is not ok; else empty.")


@strawberry.type(description="One kind of objects.")
class StorageKind:
    kind: str = strawberry.field(
        description="The first part of their keys, such as `uploads`, `vectors` or `blobs`."
    )
    bytes: BigInt = strawberry.field(description="What they take up.")
    objects: BigInt = strawberry.field(description="How many there are.")


def _kinds(measured: strawberry.Parent[Measurement]) -> list[StorageKind]:
    return [
        StorageKind(kind=kind, bytes=BigInt(usage.bytes), objects=BigInt(usage.objects))
        for kind, usage in sorted(measured.kinds.items())
    ]


@strawberry.type(description="What the object store holds; measured about once a minute.")
class Storage:
    bytes: BigInt = strawberry.field(description="What all objects take up.")
    objects: BigInt = strawberry.field(description="How many there are.")
    measured_at: datetime = strawberry.field(description="When that was so.")
    kinds: list[StorageKind] = strawberry.field(
        resolver=_kinds, description="The same by kind of object, all of them."
    )


def _services(state: strawberry.Parent[SystemState]) -> list[Service]:
    return [
        Service(name=name, ok=each.ok, latency_ms=each.latency_ms, detail=each.detail)
        for name, each in state.services.items()
    ]


@strawberry.type(
    description="The platform at a glance. While a service is down, what only it could tell is "
    "empty."
)
class System:
    is_type_of = shows(SystemState)

    at: datetime = strawberry.field(description="When it was so.")
    version: str = strawberry.field(description="The version of Shoal that the server runs.")
    workers: list[Worker] = strawberry.field(
        description="All that were heard of in the last three heartbeats."
    )
    queues: list[QueueStatus] = strawberry.field(
        graphql_type=list[Queue], description="One for each kind of jobs, and one for answers."
    )
    services: list[Service] = strawberry.field(
        resolver=_services, description="One for each service."
    )
    storage: Measurement | None = strawberry.field(
        graphql_type=Storage | None,
        description="What is stored; null until a pipeline worker has measured it.",
    )
