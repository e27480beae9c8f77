"""The result of a bulk operation on its way to the store: lines, kept part by part."""

from __future__ import annotations

import time
from dataclasses import replace

import orjson

from store.operations import Operations
from store.records.job import Job
from store.records.operation import BulkOperation, Tally

PART_BYTES = 4 * 2**20
KEPT_EACH_S = 2.0
"""How much work a server that dies takes along."""


class Sheet:
    """One attempt's. Everything that keeps raises StaleAttempt when another goes on by now."""

    def __init__(self, operations: Operations, job: Job, operation: BulkOperation) -> None:
        self._operations = operations
        self._job = job
        self._number = 0
        self._lines = bytearray()
        self._parts: list[str] = []
        """Put away, and not yet kept."""
        self._kept_at = time.monotonic()
        self._mark = 0
        """Up to there lines belong to what `_marked` counts: a place to go on from."""
        self._marked = self._kept = operation.tally
        self.tally = operation.tally
        """How far it is, what is not yet kept included."""

    def write(self, line: dict[str, object]) -> None:
        self._lines += orjson.dumps(line) + b"\n"
        self.tally = replace(self.tally, objects=self.tally.objects + 1)

    async def spill(self) -> None:
        """Put lines away that are many, though the next place to go on from is not reached."""
        if len(self._lines) >= PART_BYTES:
            await self.rescue()
            await self._put(len(self._lines))

    async def keep(self, *, at_once: bool = False) -> bool:
        """Here is a place to go on from; whether it was time to keep all up to it."""
        self._mark, self._marked = len(self._lines), self.tally
        is_due = time.monotonic() - self._kept_at >= KEPT_EACH_S
        if not (at_once or is_due or len(self._lines) >= PART_BYTES):
            return False
        await self._put(self._mark)
        await self._advance()
        return True

    async def rescue(self) -> None:
        """Keep all up to the last place to go on from, and no more."""
        if self._marked != self._kept and not self._parts:
            await self._put(self._mark)
            await self._advance()

    async def _put(self, size: int) -> None:
        if not size:
            return
        self._number += 1
        data = bytes(self._lines[:size])
        self._parts.append(await self._operations.put_part(self._job, self._number, data))
        del self._lines[:size]
        self.tally = _longer(self.tally, size)
        self._marked = _longer(self._marked, min(size, self._mark))
        self._mark = max(0, self._mark - size)

    async def _advance(self) -> None:
        await self._operations.advance(self._job, self._marked, self._parts)
        self._parts, self._kept, self._kept_at = [], self._marked, time.monotonic()


def _longer(tally: Tally, size: int) -> Tally:
    return replace(tally, bytes=tally.bytes + size)
