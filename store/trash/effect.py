"""What deleting something takes along, and what stands against it: told before it is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from store.clock import now
from store.live import IN_USE
from store.mongo import Collections
from store.records.dataset import Dataset
from store.records.job import Job, JobKind
from store.records.model import Model
from store.trash.belongings import Belongings
from store.trash.things import Thing, working_on

MAX_SHOWN = 100


class BlockerCode(StrEnum):
    JOB_UNDER_WAY = "JOB_UNDER_WAY"
    PUBLISHED = "PUBLISHED"


@dataclass(frozen=True, slots=True)
class Blocker:
    code: BlockerCode
    message: str
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    bytes: int
    """What the purge will free."""
    objects: int
    versions: int
    """Of the data set."""
    jobs: int
    models: tuple[Model, ...]
    """Trained from the data set; they stay."""
    model_versions: int
    """Of the model; of a data set those trained from it, which stay."""
    predictions: int
    """Of the model."""
    cancelled_jobs: int
    """Under way now, and none of the owner's to end: see `yielding`."""
    blockers: tuple[Blocker, ...]
    purge_at: datetime


class Effects:
    """Raises Unavailable when MongoDB or the object store is away."""

    def __init__(self, *, keep: timedelta, mongo: Collections, belongings: Belongings) -> None:
        self._keep = keep
        self._mongo = mongo
        self._belongings = belongings

    async def of(self, thing: Thing) -> Effect:
        """Of deleting it now, or of having deleted it."""
        found = await self._belongings.of(thing)
        is_dataset = isinstance(thing, Dataset)
        its = {"dataset_id" if is_dataset else "model_id": thing.id}
        return Effect(
            bytes=found.own_bytes,
            objects=len(found.own),
            versions=await self._mongo.dataset_versions.count(its) if is_dataset else 0,
            jobs=await self._mongo.jobs.count(its),
            models=await self._trained_from(thing) if is_dataset else (),
            model_versions=await self._mongo.model_versions.count(its),
            predictions=0 if is_dataset else await self._mongo.predictions.count(its),
            cancelled_jobs=await self._mongo.jobs.count(yielding(thing)),
            blockers=await self.blockers(thing),
            purge_at=self.purge_at(thing),
        )

    async def blockers(self, thing: Thing) -> tuple[Blocker, ...]:
        """What has to be ended first."""
        in_the_way = working_on(thing.id) | {"$nor": _yielding(thing)}
        jobs = await self._mongo.jobs.all_by(in_the_way, MAX_SHOWN)
        blockers = [_under_way(job) for job in jobs]
        if isinstance(thing, Model) and thing.published_version_id is not None:
            message = f"a version of {thing.name} is published; withdraw it first"
            blockers.append(Blocker(BlockerCode.PUBLISHED, message))
        return tuple(blockers)

    def purge_at(self, thing: Thing) -> datetime:
        """When its time in the trash is over."""
        return (thing.trashed_at or now()) + self._keep

    async def _trained_from(self, thing: Thing) -> tuple[Model, ...]:
        trained: dict[str, Any] = {"dataset_id": thing.id}
        found = await self._mongo.model_versions.distinct("model_id", trained)
        return tuple(await self._mongo.models.all_by({"_id": {"$in": found}} | IN_USE, MAX_SHOWN))


def yielding(thing: Thing) -> dict[str, Any]:
    """The filter of jobs that deleting it cancels.

    Indexing, which nobody needs of what is deleted, and what others have asked in bulk: its owner
    may neither see nor end these, and would not know what to wait for.
    """
    return working_on(thing.id) | {"$or": _yielding(thing)}


def _yielding(thing: Thing) -> list[dict[str, Any]]:
    of_others = {"kind": JobKind.PREDICT.value, "owner_id": {"$ne": thing.owner_id}}
    return [{"kind": JobKind.INDEX.value}, of_others]


def _under_way(job: Job) -> Blocker:
    message = f"{job.kind.lower()} job {job.id} is {job.status.lower()}; cancel it first"
    return Blocker(BlockerCode.JOB_UNDER_WAY, message, job.id)
