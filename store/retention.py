"""How long the audit log is kept: the one place where entries go."""

from __future__ import annotations

import time
from datetime import timedelta

from store.clock import now
from store.mongo import Collections
from store.settings import Settings

EACH_S = 3600
AT_ONCE = 1_000


class Retention:
    """Used by workers alone."""

    def __init__(self, *, settings: Settings, mongo: Collections) -> None:
        self._kept = timedelta(seconds=settings.audit_ttl_s)
        self._entries = mongo.audit_log
        self._next = 0.0

    async def sweep(self) -> int:
        """Forget what is too old, from the oldest on, once an hour; returns how many that were."""
        if not self._kept or time.monotonic() < self._next:
            return 0
        forgotten = 0
        too_old = await self._entries.page({"at": {"$lt": now() - self._kept}}, first=1)
        for last in too_old.items:
            while gone := await self._entries.forget(last, AT_ONCE):
                forgotten += gone
        self._next = time.monotonic() + EACH_S
        return forgotten
