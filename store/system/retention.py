"""How long the audit log, answers and the logs of jobs are kept: the one place where they go."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from datetime import timedelta

from store import ids
from store.abreast import abreast
from store.clock import now
from store.mongo import Collections
from store.objects import ObjectStore, keys
from store.settings import Settings

EACH_S, LOGS_EACH_S = 3600, 24 * 3600
"""Logs are found by looking through all of them: a day's work, not an hour's."""
AT_ONCE = 1_000


class Retention:
    """Used by workers alone. A duration of 0 keeps for ever."""

    def __init__(self, *, settings: Settings, mongo: Collections, objects: ObjectStore) -> None:
        self._audit_kept = timedelta(seconds=settings.audit_ttl_s)
        self._predictions_kept = timedelta(seconds=settings.prediction_ttl_s)
        self._logs_kept = timedelta(seconds=settings.job_log_ttl_s)
        self._mongo = mongo
        self._objects = objects
        self._next = self._next_logs = 0.0

    async def sweep(self) -> int:
        """Forget what is too old; returns how much. Any number may do it at once."""
        forgotten = 0
        if time.monotonic() >= self._next:
            forgotten += await self._forget_audit() + await self._forget_predictions()
            self._next = time.monotonic() + EACH_S
        if time.monotonic() >= self._next_logs:
            forgotten += await self._forget_logs()
            self._next_logs = time.monotonic() + LOGS_EACH_S
        return forgotten

    async def _forget_audit(self) -> int:
        """From the oldest on."""
        if not self._audit_kept:
            return 0
        forgotten, entries = 0, self._mongo.audit_log
        too_old = await entries.page({"at": {"$lt": now() - self._audit_kept}}, first=1)
        for last in too_old.items:
            while gone := await entries.forget(last, AT_ONCE):
                forgotten += gone
        return forgotten

    async def _forget_predictions(self) -> int:
        """Those that nobody corrected: what people wrote is learnt from later."""
        if not self._predictions_kept:
            return 0
        bound = ids.earliest(ids.PREDICTION, now() - self._predictions_kept)
        forgotten, too_old = 0, {"_id": {"$lt": bound}, "correction": None}
        while gone := await self._mongo.predictions.delete_some(too_old, AT_ONCE):
            forgotten += gone
        return forgotten

    async def _forget_logs(self) -> int:
        """Of jobs that were asked for so long ago; whoever asks for one is told of a Gap."""
        if not self._logs_kept:
            return 0
        forgotten, bound = 0, ids.earliest(ids.JOB, now() - self._logs_kept)
        async for prefix in self._folders_of_logs():
            found = [each.key for each in await self._objects.list(prefix)]
            too_old = [key for key in found if keys.job_of(key) < bound]
            await abreast(self._objects.delete, too_old)
            forgotten += len(too_old)
        return forgotten

    async def _folders_of_logs(self) -> AsyncIterator[str]:
        yield keys.job_logs("")
        for dataset_id in await self._mongo.datasets.distinct("_id", {}):
            yield keys.job_logs(dataset_id)
