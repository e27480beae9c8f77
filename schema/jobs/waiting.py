"""Why a job waits, as callers see it."""

from __future__ import annotations

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.jobs.estimate import Span
from schema.lazy import LazyJob
from schema.visibility import find_job
from store.jobs import waiting as explained
from store.records.job import Job as JobRecord
from store.records.job import Span as SpanRecord

show_enum(
    explained.WaitingCode,
    "Why a job makes no progress.",
    BACK_OFF="Its last attempt failed; the next one begins after a pause.",
    PAUSED="An admin paused or is draining its queue.",
    NO_WORKER="No pipeline worker is running.",
    KIND_LIMIT="As many jobs of its kind run as may.",
    FAIR_SHARE="Jobs of others go first, because its owner had more turns.",
    BUSY="Every slot of every worker is taken.",
    STARTING="A worker is about to take it.",
    WORKER_LOST="It runs, but its worker has not been heard of; another will go on with it.",
)


async def _blocker(waiting: strawberry.Parent[explained.Waiting], info: Info) -> JobRecord | None:
    return await find_job(info.context, waiting.blocker_id) if waiting.blocker_id else None


@strawberry.type(description="Why a job makes no progress, and for how long.")
class WaitingFor:
    code: explained.WaitingCode = strawberry.field(description="The reason.")
    message: str = strawberry.field(description="It in words, with what to do about it.")
    position: int | None = strawberry.field(
        description="Its place in the order in which workers take jobs, 1 for the next; null while "
        "its turn cannot come."
    )
    blocker: JobRecord | None = strawberry.field(
        resolver=_blocker,
        graphql_type=LazyJob | None,
        description="The job whose end it waits for or that goes first, if the caller may see it.",
    )
    eta: SpanRecord | None = strawberry.field(
        graphql_type=Span | None,
        description="Seconds until it starts; null where that cannot be told.",
    )


async def waiting_for(job: strawberry.Parent[JobRecord], info: Info) -> explained.Waiting | None:
    """None for a job that runs or has ended."""
    return await info.context.loaders.waits.load(job)
