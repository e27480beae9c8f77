"""One collection of one kind of record."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from motor.motor_asyncio import AsyncIOMotorCollection
from pymongo.errors import BulkWriteError

from store.codec import from_plain, to_plain
from store.errors import Conflict, NotFound
from store.mongo.errors import mongo_errors
from store.mongo.indexes import is_marked
from store.mongo.windows import MARK, Windows, mark_of

MAX_TRIES = 20
DUPLICATE_KEY = 11000
COUNT = {"$count": "count"}

Filter = Mapping[str, Any]
Document = dict[str, Any]


class Record(Protocol):
    """What every kept record has; `revision` grows with each write."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> str: ...
    @property
    def revision(self) -> int: ...


R = TypeVar("R", bound=Record)


@dataclass(frozen=True, slots=True)
class Page(Generic[R]):
    items: list[R]
    has_next: bool


class Collection(Generic[R]):
    """Reads and conditional writes. Everything raises Unavailable when MongoDB does not answer."""

    def __init__(
        self, kind: type[R], documents: AsyncIOMotorCollection[Document],
        windows: Windows | None = None,
    ) -> None:  # fmt: skip
        """`windows` are where pages are not simply asked for."""
        self._kind = kind
        self._documents = documents
        self._is_marked = is_marked(documents.name)
        self._windows = windows

    async def insert(self, record: R) -> R:
        """Raises AlreadyExists when its id or another unique value is taken."""
        with mongo_errors():
            await self._documents.insert_one(self._document(record))
        return record

    async def insert_many_ignoring_known(self, records: Iterable[R]) -> int:
        """Insert those whose unique values are new; returns how many that were."""
        documents = [self._document(record) for record in records]
        if not documents:
            return 0
        with mongo_errors():
            try:
                await self._documents.insert_many(documents, ordered=False)
            except BulkWriteError as error:
                if any(e["code"] != DUPLICATE_KEY for e in error.details["writeErrors"]):
                    raise
                return int(error.details["nInserted"])
        return len(documents)

    async def find(self, identifier: str) -> R | None:
        return await self._first({"_id": identifier})

    async def get(self, identifier: str) -> R:
        """Raises NotFound."""
        found = await self.find(identifier)
        if found is None:
            raise NotFound(f"there is no {self._kind.__name__} {identifier}")
        return found

    async def get_many(self, identifiers: Iterable[str]) -> dict[str, R]:
        """Those that exist, by id."""
        wanted = list(identifiers)
        found = await self.all_by({"_id": {"$in": wanted}}, limit=len(wanted)) if wanted else []
        return {record.id: record for record in found}

    async def find_by(self, **equal: object) -> R | None:
        return await self._first(equal)

    async def all_by(self, where: Filter, limit: int) -> list[R]:
        """At most `limit` records, oldest first."""
        with mongo_errors():
            return [self._record(each) for each in await self._sorted(where, 1, limit)]

    async def page(
        self, where: Filter, *, first: int, after_id: str | None = None, descending: bool = True
    ) -> Page[R]:
        """The `first` records beyond `after_id`; ids sort by the time of their making."""
        direction = -1 if descending else 1
        both = _beyond(where, after_id, "$lt" if descending else "$gt") if after_id else where
        with mongo_errors():
            found = await self._in_windows(both, direction, first + 1)
            if found is None:
                found = await self._sorted(both, direction, first + 1)
        return Page([self._record(each) for each in found[:first]], has_next=len(found) > first)

    async def count(self, where: Filter) -> int:
        with mongo_errors():
            if self._windows and not where:  # SecantusDB counts them then, without decoding any
                return await self._documents.estimated_document_count()
            found = await self._documents.aggregate([*_matching(where), COUNT]).to_list(1)
        return int(found[0]["count"]) if found else 0

    async def total(
        self, where: Filter, amount: str, distinct: str = "", *, within: str = ""
    ) -> int:
        """The sum of a field, of each `distinct` value once; `within` a list of the records."""
        inside = f"{within}." if within else ""
        first = {"_id": f"${inside}{distinct}" if distinct else "$_id"}
        stages: list[Document] = [
            *_matching(where),
            *([{"$unwind": f"${within}"}] if within else []),
            {"$group": first | {"amount": {"$first": f"${inside}{amount}"}}},
            {"$group": {"_id": None, "total": {"$sum": "$amount"}}},
        ]
        with mongo_errors():
            found = await self._documents.aggregate(stages).to_list(1)
        return int(found[0]["total"]) if found else 0

    async def distinct(self, field: str, where: Filter) -> list[Any]:
        """Every value that the field has among these records, as it is kept."""
        with mongo_errors():
            return list(await self._documents.distinct(field, where))

    async def newest(self, where: Filter, by: str, limit: int) -> list[R]:
        """At most `limit` records, those with the latest date `by` first."""
        with mongo_errors():
            found = self._documents.find(where).sort([(by, -1), ("_id", -1)]).limit(limit)
            return [self._record(document) for document in await found.to_list(limit)]

    async def sample(self, where: Filter, limit: int) -> list[R]:
        """At most `limit` records, each of them as likely as any other; in no order."""
        stages: list[Document] = [*_matching(where), {"$sample": {"size": limit}}]
        with mongo_errors():
            found = await self._documents.aggregate(stages).to_list(limit)
        return [self._record(document) for document in found]

    async def delete_some(self, where: Filter, limit: int) -> int:
        """Delete at most `limit` records; returns how many that were."""
        with mongo_errors():
            found = await self._in_windows(where, 1, limit)
            if found is None:
                some: list[Document] = [{"$limit": limit}, {"$project": {"_id": True}}]
                found = await self._documents.aggregate([*_matching(where), *some]).to_list(limit)
            chosen = [document["_id"] for document in found]
            return (await self._documents.delete_many({"_id": {"$in": chosen}})).deleted_count

    async def delete(self, identifier: str) -> bool:
        """Whether it was there."""
        with mongo_errors():
            return (await self._documents.delete_one({"_id": identifier})).deleted_count == 1

    async def delete_at(self, identifier: str, revision: int) -> bool:
        """Whether it was there, at that revision."""
        with mongo_errors():
            found = await self._documents.delete_one({"_id": identifier, "revision": revision})
            return found.deleted_count == 1

    async def amend(
        self, identifier: str, move: Callable[[R], R], *, expected_revision: int | None = None
    ) -> R:
        """Write `move(record)` if nobody wrote in between, else read again and retry.

        `move` is pure and may run several times; its own errors pass through, and what it leaves
        unchanged is not written. Raises NotFound, and Conflict when the record is at another
        revision than expected or too many writers are at it.
        """
        for attempt in range(MAX_TRIES):
            record = await self.get(identifier)
            if expected_revision not in (None, record.revision):
                message = f"{identifier} changed: it is at revision {record.revision}"
                raise Conflict(message, record.revision, record)
            moved = move(record)
            if moved == record:
                return record
            written = await self._replace(record, moved)
            if written is not None:
                return written
            await asyncio.sleep(random.uniform(0, 0.005 * (attempt + 1)))
        raise Conflict(f"{identifier} is written by too many at once; try again")

    async def _replace(self, record: R, moved: R) -> R | None:
        moved = replace(moved, revision=record.revision + 1)
        unchanged = {"_id": record.id, "revision": record.revision}
        with mongo_errors():
            result = await self._documents.replace_one(unchanged, self._document(moved))
        return moved if result.matched_count else None

    async def _first(self, where: Filter) -> R | None:
        with mongo_errors():
            document = await self._documents.find_one(where)
        return self._record(document) if document else None

    async def _in_windows(self, where: Filter, direction: int, limit: int) -> list[Document] | None:
        return await self._windows.read(where, direction, limit) if self._windows else None

    async def _sorted(self, where: Filter, direction: int, limit: int) -> list[Document]:
        ends: list[Document] = [{"$sort": {"_id": direction}}, {"$limit": limit}]
        return await self._documents.aggregate([*_matching(where), *ends]).to_list(limit)

    def _document(self, record: R) -> Document:
        document, mark = to_document(record), mark_of(record.id) if self._is_marked else None
        return document | {MARK: mark} if mark else document

    def _record(self, document: Document) -> R:
        document["id"] = document.pop("_id")
        return from_plain(self._kind, document)


def to_document(record: Record) -> Document:
    """The record as MongoDB keeps it."""
    document: Document = to_plain(record)
    return {"_id": document.pop("id"), **document}


def _matching(where: Filter) -> list[Document]:
    """Stages that let through what the filter does.

    SecantusDB takes an index for the first stage only, and for none that says `$or` and the like.
    """
    plain = {name: value for name, value in where.items() if not name.startswith("$")}
    others = {name: value for name, value in where.items() if name.startswith("$")}
    return [{"$match": plain}, *([{"$match": others}] if others else [])]


def _beyond(where: Filter, identifier: str, operator: str) -> Filter:
    """What of it lies on one side of that id."""
    asked, bound = where.get("_id", {}), {operator: identifier}
    if isinstance(asked, dict) and operator not in asked:
        return {**where, "_id": {**asked, **bound}}
    return {**where, "$and": [*where.get("$and", []), {"_id": bound}]}
