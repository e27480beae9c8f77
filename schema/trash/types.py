"""What is in the trash, and what deleting does, as callers see it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.enums import show_enum
from schema.jobs.types import Job
from schema.models.types import Model
from schema.scalars import BigInt
from schema.visibility import find_job, find_user, sees_model
from store import trash as records
from store.records.account import User as UserRecord
from store.records.dataset import Dataset as DatasetRecord
from store.records.job import Job as JobRecord
from store.records.model import Model as ModelRecord

Blocking = strawberry.Parent[records.Blocker]
Deletion = strawberry.Parent[records.Effect]
Trashed = strawberry.Parent[records.Thing]

show_enum(
    records.BlockerCode,
    "What stands against deleting something.",
    JOB_UNDER_WAY="A job waits or runs for it; cancel the job.",
    PUBLISHED="A version of the model answers; withdraw it.",
)


class TrashedKind(StrEnum):
    DATASET = "DATASET"
    MODEL = "MODEL"


show_enum(
    TrashedKind,
    "What something in the trash is.",
    DATASET="A data set.",
    MODEL="A model.",
)


async def _blocking_job(blocker: Blocking, info: Info) -> JobRecord | None:
    return await find_job(info.context, blocker.job_id) if blocker.job_id else None


def _staying(effect: Deletion, info: Info) -> list[ModelRecord]:
    return [model for model in effect.models if sees_model(info.context.signed_in, model)]


def _kind(thing: Trashed) -> TrashedKind:
    return TrashedKind.DATASET if isinstance(thing, DatasetRecord) else TrashedKind.MODEL


async def _by(thing: Trashed, info: Info) -> UserRecord | None:
    return await find_user(info.context, thing.trashed_by) if thing.trashed_by else None


def _purge_at(thing: Trashed, info: Info) -> datetime:
    return info.context.store.trash.purge_at(thing)


async def _purge(thing: Trashed, info: Info) -> JobRecord | None:
    return await find_job(info.context, thing.purge_job_id) if thing.purge_job_id else None


async def _effect(thing: Trashed, info: Info) -> records.Effect:
    return await info.context.store.trash.effect(thing)


@strawberry.type(description="Why something cannot be deleted now.")
class Blocker:
    code: records.BlockerCode = strawberry.field(description="What stands against it.")
    message: str = strawberry.field(description="One sentence that says what to do first.")
    job: JobRecord | None = strawberry.field(
        resolver=_blocking_job, graphql_type=Job | None, description="The job that is in the way."
    )


@strawberry.type(description="What deleting takes along, and what it leaves.")
class DeletionEffect:
    bytes: BigInt = strawberry.field(
        description="What its purge will free: objects that nothing else needs."
    )
    objects: int = strawberry.field(description="How many objects that are.")
    versions: int = strawberry.field(description="Versions of the data set; they go.")
    jobs: int = strawberry.field(
        description="Jobs that worked on it; they stay as history, without their logs."
    )
    models: list[ModelRecord] = strawberry.field(
        resolver=_staying,
        graphql_type=list[Model],
        description="Models trained from the data set, at most 100; they stay whole.",
    )
    model_versions: int = strawberry.field(
        description="Versions of the model, which go; of a data set those trained from it, which "
        "stay."
    )
    predictions: int = strawberry.field(description="Answers of the model; they go.")
    cancelled_jobs: int = strawberry.field(
        description="Jobs under way that deleting it cancels: indexing, and what others than its "
        "owner have asked in bulk."
    )
    blockers: tuple[records.Blocker, ...] = strawberry.field(
        graphql_type=list[Blocker],
        description="What stands against it, one entry a job or publication, at most 101.",
    )
    purge_at: datetime = strawberry.field(description="Until when it can be restored.")


@strawberry.type(description="A deleted data set or model that can still come back.")
class TrashedThing:
    id: strawberry.ID = strawberry.field(description="The id of the data set or model.")
    kind: TrashedKind = strawberry.field(resolver=_kind, description="Which of both it is.")
    name: str = strawberry.field(description="Its name; a model's stays taken until it is purged.")
    revision: int = strawberry.field(description="Pass it as `expectedVersion` to restore it.")
    trashed_at: datetime | None = strawberry.field(description="When it was deleted.")
    trashed_by: UserRecord | None = strawberry.field(
        resolver=_by,
        graphql_type=User | None,
        description="Who deleted it; null for callers who may not see that user.",
    )
    purge_at: datetime = strawberry.field(
        resolver=_purge_at, description="When it is purged unless it is restored before."
    )
    purge_job: JobRecord | None = strawberry.field(
        resolver=_purge, graphql_type=Job | None, description="The job that purges it."
    )
    effect: records.Effect = strawberry.field(
        resolver=_effect, graphql_type=DeletionEffect, description="What its purge takes along."
    )
