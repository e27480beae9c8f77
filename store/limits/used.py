"""How much is a user's: counted from the records of what is there."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from store import ids
from store.mongo import Collections
from store.records.bulk import BulkStatus
from store.records.job import JobKind, JobStatus

INLINE = {"$regex": "^datasets/"}
"""Keys of files that came inside a request; other files are counted as uploads."""


class Used:
    """Each leaves out `held`: things that are being made, and are counted by who makes them."""

    def __init__(self, mongo: Collections) -> None:
        self._mongo = mongo

    async def bytes(self, user_id: str, held: Sequence[str]) -> int:
        """Files, rows, bundles, indexes and bulk answers, also those in the trash.

        What several versions share is counted once. What is kept only to be faster is not counted.
        """
        mongo = self._mongo
        theirs: dict[str, Any] = {"owner_id": user_id, "_id": {"$nin": list(held)}}
        inline = theirs | {"source.object_key": INLINE}
        answered = theirs | {"status": BulkStatus.READY.value}
        parts = await asyncio.gather(
            mongo.uploads.total(theirs, "size"),
            mongo.dataset_versions.total(inline, "source.bytes", "source.object_key"),
            mongo.dataset_versions.total(theirs, "bytes", "object_key", within="shards"),
            mongo.model_versions.total(theirs, "bytes", "sha256", within="files"),
            mongo.search_indexes.total(theirs, "built.bytes"),
            mongo.bulk_predictions.total(answered, "bytes"),
        )
        return sum(parts)

    async def jobs(self, user_id: str, held: Sequence[str], since: datetime | None) -> int:
        """Jobs that have not ended; with `since`, all that were asked for from then on.

        Purges are not counted: they make room.
        """
        # what a round of learning makes first is a version with an id like its own
        held = [*held, *(ids.sibling(ids.DATASET_VERSION, each) for each in held)]
        known = [status.value for status in JobStatus if not status.is_terminal]
        asked = {"created_at": {"$gte": since}} if since else {"status": {"$in": known}}
        theirs: dict[str, Any] = {
            "owner_id": user_id,
            "kind": {"$ne": JobKind.PURGE.value},
            "_id": {"$nin": list(held)},
            "dataset_version_id": {"$nin": list(held)},
        }
        return await self._mongo.jobs.count(theirs | asked)
