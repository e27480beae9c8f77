"""Findings, many of which change their status at once."""

from __future__ import annotations

from typing import Any

from store.mongo.collection import Collection, Filter
from store.mongo.errors import mongo_errors
from store.records.quality import Finding, FindingKind, FindingStatus


class FindingCollection(Collection[Finding]):
    async def count_open(self, job_id: str) -> dict[FindingKind, int]:
        """How many of each kind nobody has decided about."""
        stages: list[dict[str, Any]] = [
            {"$match": {"job_id": job_id, "status": FindingStatus.OPEN.value}},
            {"$group": {"_id": "$kind", "open": {"$sum": 1}}},
        ]
        with mongo_errors():
            groups = await self._documents.aggregate(stages).to_list(None)
        return {FindingKind(group["_id"]): group["open"] for group in groups}

    async def move(self, where: Filter, status: FindingStatus, fixed_in: str | None = None) -> int:
        """Give them all that status; returns how many had another before."""
        changes = {"$set": {"status": status.value, "fixed_in": fixed_in}, "$inc": {"revision": 1}}
        others = {"$and": [where, {"status": {"$ne": status.value}}]}
        with mongo_errors():
            return (await self._documents.update_many(others, changes)).modified_count
