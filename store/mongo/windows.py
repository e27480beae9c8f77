"""Pages of large collections on SecantusDB, read between two ids.

SecantusDB reads and decodes all that matches before it sorts and limits: 15 to 45 µs a record, so
that a page of 50 costs as much as the whole list. It reads no more than lies between both ends of
a range in an index, though. So a page is read in parts: the nearest first, each twice as large as
the one before, until enough is found. Where to cut is told by a few records that carry a mark.
Marks are hints: without them there is one part, and the answer is the same.
"""

from __future__ import annotations

import asyncio
import math
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

from motor.motor_asyncio import AsyncIOMotorCollection

Document = dict[str, Any]
Filter = Mapping[str, Any]

MARK = "mark"
EVERY = {2: 4096, 1: 256}
"""One record in so many has that mark, by chance: the rarer first."""
RANGE = {"$gt", "$gte", "$lt", "$lte"}
MOST = 8
"""Values of a field that are looked for one by one."""
MANY, LOOK_EACH_S = 3, 2.0
"""A collection of some 700 records has so many marks, and is large; else it is looked at again."""


def mark_of(identifier: str) -> int | None:
    """The mark of the record with that id; most have none."""
    digest = zlib.crc32(identifier.encode())
    return next((mark for mark, every in EVERY.items() if digest % every == 0), None)


class Windows:
    """Of a collection; `prefixes` are the fields that stand before the id in an index."""

    def __init__(
        self, documents: AsyncIOMotorCollection[Document], prefixes: Sequence[Sequence[str]]
    ) -> None:
        self._documents = documents
        self._prefixes = prefixes
        self._looked = -math.inf
        self._is_large = False

    async def read(self, where: Filter, direction: int, limit: int) -> list[Document] | None:
        """What `find(where).sort("_id", direction).limit(limit)` gives; None where to ask so."""
        ids = where.get("_id", {})
        is_range = isinstance(ids, dict) and ids.keys() <= RANGE
        told = {name: values for name in where if (values := _values(where[name])) is not None}
        fitting = [each for each in self._prefixes if set(each) <= told.keys()]
        if not is_range or not fitting or not await self._are_many():
            return None
        prefix = max(fitting, key=len)
        rest = {name: where[name] for name in where if name not in {"_id", *prefix}}
        windows = [
            _Window(self._documents, dict(zip(prefix, each, strict=True)), rest, direction)
            for each in product(*(told[name] for name in prefix))
        ]
        found = await asyncio.gather(*(window.read(ids, limit) for window in windows))
        flat = (document for each in found for document in each)
        return sorted(flat, key=lambda each: str(each["_id"]), reverse=direction < 0)[:limit]

    async def _are_many(self) -> bool:
        if not self._is_large and time.monotonic() - self._looked > LOOK_EACH_S:
            marked = self._documents.find({MARK: {"$gt": 0}}, {"_id": True})
            self._is_large = len(await marked.to_list(None)) >= MANY
            self._looked = time.monotonic()
        return self._is_large


@dataclass(frozen=True, slots=True)
class _Window:
    """Over the records that `near` is true of, which an index has in the order of their ids; among
    them those are looked for that `rest` is true of."""

    documents: AsyncIOMotorCollection[Document]
    near: Filter
    rest: Filter
    direction: int

    async def read(self, ids: Filter, limit: int) -> list[Document]:
        found: list[Document] = []
        for behind, up_to in pairwise([None, *await self._cuts(ids), None]):
            part = self._part(self.near, ids, behind, up_to)
            found += await self._find(part, self.rest, {"$limit": limit - len(found)})
            if len(found) == limit:
                break
        return found

    async def _cuts(self, ids: Filter) -> list[str]:
        """Ids, the nearest first: up to each lies about twice as much as up to the one before."""
        cuts: list[str] = []
        for mark in EVERY:
            part = self._part({MARK: mark}, ids, None, cuts[0] if cuts else None)
            marked = await self._find(part, self.near, {"$project": {"_id": True}})
            cuts = [*_thinned([each["_id"] for each in marked]), *cuts]
        return cuts

    def _part(self, near: Filter, ids: Filter, behind: str | None, up_to: str | None) -> Filter:
        operators = ("$lt", "$gte") if self.direction < 0 else ("$gt", "$lte")
        bounds = zip(operators, (behind, up_to), strict=True)
        ids = {**ids, **{operator: bound for operator, bound in bounds if bound}}
        return {**near, "_id": ids} if ids else near

    async def _find(self, near: Filter, rest: Filter, last: Document) -> list[Document]:
        """SecantusDB takes an index for the first stage only, and only if that says no more."""
        sort = {"$sort": {"_id": self.direction}}
        stages: list[Filter] = [{"$match": near}, {"$match": rest}, sort, last]
        return await self.documents.aggregate(stages).to_list(None)


def _thinned(ids: Sequence[str]) -> list[str]:
    """The 1st, 2nd, 4th, 8th and so on."""
    return [ids[2**power - 1] for power in range(len(ids).bit_length())]


def _values(asked: Any) -> list[Any] | None:
    """The few values that a field may have by the filter; None if it does not tell them."""
    if not isinstance(asked, dict):
        return [asked]
    if asked.keys() == {"$in"} and len(asked["$in"]) <= MOST:
        return list(dict.fromkeys(asked["$in"]))
    return None
