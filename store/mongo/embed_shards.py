"""Shards that are to be had, and how far those of a training are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from store.mongo.collection import Collection
from store.mongo.errors import mongo_errors
from store.records.embed_shard import MAX_FAILURES, EmbedShard, EmbedShardStatus
from store.records.job import Job

RUNNING, DONE = EmbedShardStatus.RUNNING.value, EmbedShardStatus.DONE.value


@dataclass(frozen=True, slots=True)
class Tally:
    """Of the shards that one attempt planned."""

    shards: int = 0
    finished: int = 0
    rows: int = 0
    """Embedded so far, those of unfinished shards counted."""


class EmbedShardCollection(Collection[EmbedShard]):
    async def jobs_with_free(self, at: datetime) -> list[str]:
        """The ids of jobs of which a shard can be claimed."""
        # not by `$or`, for which SecantusDB takes no index: every worker asks each second
        free = [await self.distinct("job_id", each) for each in _free(at)]
        return list(dict.fromkeys(chain(*free)))

    async def free(self, job: Job, at: datetime, worker: str, limit: int) -> list[EmbedShard]:
        """Shards of this attempt at the job, without those that are not for the worker."""
        of_attempt = {"job_id": job.id, "job_attempt": job.attempt}
        mine = {} if job.worker == worker else _not_failed_on(worker)
        return await self.all_by({**of_attempt, **mine, "$or": _free(at)}, limit)

    async def is_at_work(self, worker: str, at: datetime) -> bool:
        """Whether the worker holds a shard."""
        held = {"status": RUNNING, "worker": worker, "lease_until": {"$gte": at}}
        return bool(await self.all_by(held, 1))

    async def tally(self, job: Job) -> Tally:
        """How far this attempt at the job is."""
        per_status: list[dict[str, Any]] = [
            {"$match": {"job_id": job.id, "job_attempt": job.attempt}},
            {"$group": {"_id": "$status", "shards": {"$sum": 1}, "rows": {"$sum": "$done"}}},
        ]
        with mongo_errors():
            groups = await self._documents.aggregate(per_status).to_list(None)
        return Tally(
            shards=sum(group["shards"] for group in groups),
            finished=sum(group["shards"] for group in groups if group["_id"] == DONE),
            rows=sum(group["rows"] for group in groups),
        )


def _free(at: datetime) -> list[dict[str, Any]]:
    """Nobody holds it, or whoever does has not renewed in time."""
    queued = {"status": EmbedShardStatus.QUEUED.value}
    return [queued, {"status": RUNNING, "lease_until": {"$lt": at}}]


def _not_failed_on(worker: str) -> dict[str, Any]:
    """Neither on this worker nor on too many others."""
    failed = [{"failed_on": worker}, {f"failed_on.{MAX_FAILURES - 1}": {"$exists": True}}]
    return {"$nor": failed}
