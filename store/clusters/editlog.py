"""The end of a model's log of edits: one appends at a time, to the log that they saw."""

from __future__ import annotations

from store.clusters.maps import MAX_EDITS
from store.errors import Conflict, IllegalMove
from store.mongo import Collections
from store.records.cluster_edit import ClusterEdit, ClusterLog

MAX_TRIES = 20


class EditLog:
    """Everything raises IllegalMove for a log that is full."""

    def __init__(self, *, mongo: Collections) -> None:
        self._logs = mongo.cluster_logs
        self._edits = mongo.cluster_edits
        self._versions = mongo.model_versions

    async def append(self, edit: ClusterEdit, expected: int | None) -> None:
        """Write the entry, once. Raises Conflict for a log of another length than expected."""
        await self._logs.insert_many_ignoring_known([ClusterLog(edit.model_id)])
        for _ in range(MAX_TRIES):
            log = await self._logs.get(edit.model_id)
            if log.last is not None:  # its writer may have died
                await self._edits.insert_many_ignoring_known([log.last])
            if log.last is not None and log.last.id == edit.id:
                return
            await self.check(edit.model_id, edit.version_id, expected)
            if await self._ends_with(log, edit):
                await self._edits.insert_many_ignoring_known([edit])
                return
        raise Conflict("too many edit these clusters at once; try again")

    async def check(self, model_id: str, version_id: str, expected: int | None) -> None:
        """Raises Conflict for a log of another length; it shows the version looked at."""
        entries = await self._edits.count({"model_id": model_id})
        if entries >= MAX_EDITS:
            raise IllegalMove(f"the model's log is full: it has {MAX_EDITS:,} entries")
        if expected not in (None, entries):
            message = f"the clusters changed: their log has {entries} entries"
            raise Conflict(message, entries, await self._versions.find(version_id))

    async def _ends_with(self, log: ClusterLog, edit: ClusterEdit) -> bool:
        """Whether nobody else wrote the end in between."""
        try:
            await self._logs.amend(
                log.id, lambda kept: kept.ending(edit), expected_revision=log.revision
            )
        except Conflict:
            return False
        return True
