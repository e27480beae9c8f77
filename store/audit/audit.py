"""The log of who did what: entries are appended and read, never changed or deleted here.

An entry is in MongoDB, journalled, before `append` returns. Those that wait at the same time are
written together: a writer numbers and chains them behind the last one. If another process was
faster, the number is taken, and it begins anew behind that one's entries.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from store.clock import now
from store.mongo import Collections
from store.records.audit import AuditEntry, AuditFloor

MAX_TOGETHER = 500
READ_AT_ONCE = 1_000
MAX_VERIFIED = 10_000

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at a part of the chain found; `broken_at` is the first number that is wrong."""

    checked: int
    last: AuditEntry | None
    broken_at: int | None = None
    why: str = ""


class Audit:
    """Everything raises Unavailable when MongoDB does not answer."""

    def __init__(self, *, mongo: Collections) -> None:
        self._entries = mongo.audit_log
        self._waiting: list[tuple[AuditEntry, asyncio.Future[AuditEntry]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._last: AuditEntry | None = None

    async def append(self, entry: AuditEntry) -> AuditEntry:
        """The entry in its place in the log, once it is durable."""
        written: asyncio.Future[AuditEntry] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, written))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_all())
        return await written

    async def pages(self, where: Mapping[str, Any]) -> AsyncIterator[list[AuditEntry]]:
        """Every entry that matches, oldest first."""
        after_id, has_next = None, True
        while has_next:
            page = await self._entries.page(
                where, first=READ_AT_ONCE, after_id=after_id, descending=False
            )
            yield page.items
            after_id, has_next = page.items[-1].id if page.items else None, page.has_next

    async def verify(self, after: int, most: int) -> Verified:
        """Look at up to `most` entries behind the one of that number; 0 begins at the oldest."""
        floor, newest = await self._entries.floor(), await self._entries.last()
        before: AuditEntry | AuditFloor | None = floor
        if after > floor.number:
            before = await self._entries.find(after)
        begin = max(after, floor.number)
        up_to = min(begin + most, newest.number if newest else 0)
        found = await self._entries.between({}, begin, up_to)
        last: AuditEntry | None = None
        for n, entry in enumerate(found):
            if entry.hash != entry.digest():
                return Verified(n, last, entry.number, "it was changed")
            if before is not None and not entry.follows(before):
                return Verified(n, last, before.number + 1, "it is gone, or another was put in")
            before = last = entry
        if len(found) < up_to - begin:
            return Verified(len(found), last, begin + len(found) + 1, "it is gone")
        return Verified(len(found), last)

    async def _write_all(self) -> None:
        while self._waiting:
            taken = self._waiting[:MAX_TOGETHER]
            del self._waiting[:MAX_TOGETHER]
            try:
                entries = await self._write([entry for entry, _ in taken])
            except Exception as fault:
                self._last = None
                for _, written in taken:
                    if not written.done():
                        written.set_exception(fault)
                continue
            for (_, written), entry in zip(taken, entries, strict=True):
                if not written.done():  # who waited may have gone
                    written.set_result(entry)

    async def _write(self, entries: list[AuditEntry]) -> list[AuditEntry]:
        """Number, chain and insert them; the first whose number is taken stops it."""
        placed: list[AuditEntry] = []
        while len(placed) < len(entries):
            chain, last = [], self._last or await self._entries.last()
            for entry in entries[len(placed) :]:
                last = entry.after(last, now())
                chain.append(last)
            done = await self._entries.insert_in_order(chain)
            placed += chain[:done]
            self._last = chain[-1] if done == len(chain) else None
        log.info("audit", number=placed[-1].number, hash=placed[-1].hash)
        return placed
