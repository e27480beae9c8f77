"""The audit log's collection: what may be done to it is all here.

Entries are found by their numbers, which have no gaps, and always between two of them: SecantusDB
bounds what it looks at by both ends of a range, and not by how many are wanted, so a page of a
million entries costs no more than what lies between. Times never run backwards, so they are looked
up by halving.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection, AsyncIOMotorDatabase
from pymongo.errors import BulkWriteError

from store.codec import from_plain
from store.errors import AlreadyExists
from store.mongo.collection import DUPLICATE_KEY, Document, Filter, Page, to_document
from store.mongo.errors import mongo_errors
from store.records.audit import AuditEntry, AuditFloor, entry_id, number_of

FLOOR = "floor"
FIRST_WINDOW, WIDEST_WINDOW = 64, 16_384
"""How many numbers are looked at at once: more after each time in which too little matched."""


class AuditCollection:
    """Entries are inserted in order, read, and forgotten from the oldest on; none is changed."""

    def __init__(self, database: AsyncIOMotorDatabase[Document]) -> None:
        self._entries: AsyncIOMotorCollection[Document] = database["audit_log"]
        self._floor: AsyncIOMotorCollection[Document] = database["audit_floor"]
        self._known = 0
        """The highest number that was seen here."""

    # -- writing ----------------------------------------------------------------------------------

    async def insert_in_order(self, entries: list[AuditEntry]) -> int:
        """Insert them up to the first whose number is taken; returns how many that were."""
        documents = [to_document(entry) for entry in entries]
        with mongo_errors():
            try:
                await self._entries.insert_many(documents, ordered=True)
            except BulkWriteError as error:
                if any(e["code"] != DUPLICATE_KEY for e in error.details["writeErrors"]):
                    raise
                return int(error.details["nInserted"])
        return len(documents)

    async def forget(self, up_to: AuditEntry, most: int) -> int:
        """Delete the oldest entries up to that one, at most so many; returns how many that were."""
        floor = await self.floor()
        last = await self.find(min(up_to.number, floor.number + most))
        if last is None or last.number <= floor.number:
            return 0
        # noted first: what is missing above the floor was not forgotten
        if not await self._raise_floor(floor, last):
            return 0
        with mongo_errors():
            numbers = {"number": {"$gt": floor.number, "$lte": last.number}}
            return (await self._entries.delete_many(numbers)).deleted_count

    async def _raise_floor(self, floor: AuditFloor, last: AuditEntry) -> bool:
        """Whether nobody else was at it."""
        raised = {"_id": FLOOR, "number": last.number, "hash": last.hash}
        try:
            with mongo_errors():
                if not floor.number:
                    await self._floor.insert_one(raised)
                    return True
                known = {"_id": FLOOR, "number": floor.number}
                return (await self._floor.replace_one(known, raised)).matched_count == 1
        except AlreadyExists:
            return False

    # -- reading ----------------------------------------------------------------------------------

    async def floor(self) -> AuditFloor:
        """The last entry that was forgotten."""
        with mongo_errors():
            found = await self._floor.find_one({"_id": FLOOR})
        return from_plain(AuditFloor, found) if found else AuditFloor()

    async def find(self, number: int) -> AuditEntry | None:
        with mongo_errors():
            found = await self._entries.find_one({"_id": entry_id(number)})
        return _entry(found) if found else None

    async def last(self) -> AuditEntry | None:
        """The newest, found in a few steps from the newest that was seen here."""
        low = max(self._known, (await self.floor()).number)
        beyond: int | None = low
        while beyond is not None:  # once, unless somebody took entries out
            low, step = beyond, 1
            while await self.find(low + step):
                low, step = low + step, step * 2
            low = await _first_that(low, low + step, self._is_missing) - 1
            beyond = await self._some_beyond(low)
        self._known = low
        return await self.find(low)

    async def between(self, where: Filter, low: int, high: int, sign: int = 1) -> list[AuditEntry]:
        """All that match of those with the numbers low + 1 to high, the oldest or newest first."""
        numbers = {"number": {"$gt": low, "$lte": high}}
        with mongo_errors():
            found = self._entries.find({**where, **numbers}).sort("number", sign)
            return [_entry(document) for document in await found.to_list(None)]

    async def page(
        self, where: Filter, *, first: int, after_id: str | None = None, descending: bool = True
    ) -> Page[AuditEntry]:
        """As of any collection."""
        rest, low, high = await self._bounds(where)
        if after_id and descending:
            high = min(high, number_of(after_id) - 1)
        elif after_id:
            low = max(low, number_of(after_id))
        found: list[AuditEntry] = []
        width = max(FIRST_WINDOW, first + 1)
        while low < high and len(found) <= first:
            begin, end = (max(low, high - width), high) if descending else (low, low + width)
            found += await self.between(rest, begin, min(end, high), -1 if descending else 1)
            low, high = (low, begin) if descending else (end, high)
            width = min(width * 4, WIDEST_WINDOW)
        return Page(found[:first], has_next=len(found) > first)

    async def count(self, where: Filter) -> int:
        rest, low, high = await self._bounds(where)
        if not rest:
            return max(0, high - low)
        with mongo_errors():
            numbers = {"number": {"$gt": low, "$lte": high}}
            return await self._entries.count_documents({**rest, **numbers})

    # -- how --------------------------------------------------------------------------------------

    async def _bounds(self, where: Filter) -> tuple[dict[str, Any], int, int]:
        """The filter without its times, and the numbers between which these lie."""
        rest = dict(where)
        times: dict[str, datetime] = rest.pop("at", {})
        last = await self.last()
        low, high = (await self.floor()).number, last.number if last else 0
        if "$lt" in times:
            high = await self._before(times["$lt"], low, high)
        if "$gte" in times:
            low = await self._before(times["$gte"], low, high)
        return rest, low, high

    async def _before(self, at: datetime, low: int, high: int) -> int:
        """The number of the last entry before then."""

        async def is_later(number: int) -> bool:
            entry = await self.find(number)
            return entry is not None and entry.at >= at

        return await _first_that(low, high + 1, is_later) - 1

    async def _some_beyond(self, number: int) -> int | None:
        with mongo_errors():
            found = await self._entries.find_one({"number": {"$gt": number}})
        return found["number"] if found else None

    async def _is_missing(self, number: int) -> bool:
        return await self.find(number) is None


async def _first_that(low: int, high: int, holds: Callable[[int], Awaitable[bool]]) -> int:
    """The first number above `low` of which it holds, as it does of all that follow; or `high`."""
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if await holds(middle) else (middle, high)
    return high


def _entry(document: Document) -> AuditEntry:
    document["id"] = document.pop("_id")
    return from_plain(AuditEntry, document)
