"""Jobs that are under way, and jobs that need mending."""

from __future__ import annotations

from datetime import datetime

from store.mongo.collection import Collection
from store.records.job import Job, JobStatus

HELD = [JobStatus.RUNNING.value, JobStatus.CANCELLING.value]


class JobCollection(Collection[Job]):
    async def held(self, limit: int = 1_000) -> list[Job]:
        """Jobs that a worker is at."""
        return await self.all_by({"status": {"$in": HELD}}, limit)

    async def with_expired_lease(self, at: datetime, limit: int = 100) -> list[Job]:
        """Jobs whose worker has not renewed in time."""
        return await self.all_by({"status": {"$in": HELD}, "lease_until": {"$lt": at}}, limit)

    async def waiting_since(self, before: datetime, limit: int = 1_000) -> list[Job]:
        """Queued jobs that a worker could have claimed since `before`."""
        due = [
            {"not_before": None, "created_at": {"$lt": before}},
            {"not_before": {"$lt": before}},
        ]
        return await self.all_by({"status": JobStatus.QUEUED.value, "$or": due}, limit)

    async def ended_between(self, start: datetime, end: datetime, limit: int = 1_000) -> list[Job]:
        return await self.all_by({"ended_at": {"$gte": start, "$lt": end}}, limit)

    async def is_purging(self, identifier: str) -> bool:
        """Whether a purge of it has begun to delete, or is done."""
        undone = [JobStatus.FAILED.value, JobStatus.CANCELLED.value]
        begun = {"purges": identifier, "is_committed": True, "status": {"$nin": undone}}
        return bool(identifier) and await self.count(begun) > 0
