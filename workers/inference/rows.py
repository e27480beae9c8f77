"""Rows of versions, read from their shards as they are asked for; a few shards stay in memory."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Iterable, Sequence
from io import BytesIO
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from store.codec import from_plain
from store.records.dataset import DatasetVersion, Shard
from store.records.rows import ChangeKind, ChangePage, RowChange, RowFilter, RowPage, VersionRow
from store.store import Store
from workers.pipeline.differing import Difference, differing

MAX_CACHE_BYTES = 256 * 2**20
MAX_DIFFERENCES = 8
SHOWN_CHARACTERS = 10_000


class VersionRows:
    """Answers calls about rows. They have no texts of their own, so each gets the same answer."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._tables: OrderedDict[str, pa.Table] = OrderedDict()
        self._differences: OrderedDict[tuple[str, str], Difference] = OrderedDict()

    async def page(
        self, subject: str, texts: Sequence[str], *, first: int, after: int, filter: dict[str, Any]
    ) -> Sequence[RowPage]:
        """The `first` rows with numbers above `after` that the filter wants."""
        version = await self._store.live.dataset_version(subject)
        wanted = from_plain(RowFilter, filter)
        found: list[VersionRow] = []
        async for table in self._wanted(version, wanted, after):
            found += _rows(table.slice(0, first + 1 - len(found)))
            if len(found) > first:
                break
        return [RowPage(tuple(found[:first]), len(found) > first)] * len(texts)

    async def count(
        self, subject: str, texts: Sequence[str], *, filter: dict[str, Any]
    ) -> Sequence[int]:
        """How many rows the filter wants."""
        version = await self._store.live.dataset_version(subject)
        wanted = from_plain(RowFilter, filter)
        total = sum([len(table) async for table in self._wanted(version, wanted, -1)])
        return [total] * len(texts)

    async def changes(
        self, subject: str, texts: Sequence[str], *, since: str, first: int, after: int,
        only: str | None,
    ) -> Sequence[ChangePage]:  # fmt: skip
        """What became of the rows of the version `since`, numbers above `after`."""
        old = await self._store.live.dataset_version(since)
        new = await self._store.live.dataset_version(subject)
        every = await self._difference(old, new)
        found = every.only(ChangeKind(only) if only else None)
        begin = int(found.numbers.searchsorted(after, side="right"))
        numbers = found.numbers[begin : begin + first].tolist()
        before, now = await self._at(old, numbers), await self._at(new, numbers)
        changes = tuple(
            RowChange(number, found.kinds_at(begin + place), before.get(number), now.get(number))
            for place, number in enumerate(numbers)
        )
        has_next = begin + first < len(found.numbers)
        return [ChangePage(every.counts, changes, has_next)] * len(texts)

    # -- how --------------------------------------------------------------------------------------

    async def _wanted(
        self, version: DatasetVersion, wanted: RowFilter, after: int
    ) -> AsyncIterator[pa.Table]:
        """The rows that are wanted, shard by shard; shards that cannot have any are not read."""
        numbers = None if wanted.numbers is None else [n for n in wanted.numbers if n > after]
        for shard in version.numbered_shards:
            if _may_hold(shard, numbers, after):
                table = await self._table(shard)
                yield await asyncio.to_thread(_filtered, table, wanted, numbers, after)

    async def _at(self, version: DatasetVersion, numbers: list[int]) -> dict[int, VersionRow]:
        """Those rows that the version has, by their numbers."""
        wanted = RowFilter(numbers=tuple(numbers))
        tables = [table async for table in self._wanted(version, wanted, -1)]
        return {row.row: row for table in tables for row in _rows(table)}

    async def _difference(self, old: DatasetVersion, new: DatasetVersion) -> Difference:
        """Kept for a while: versions do not change."""
        asked = (old.id, new.id)
        if asked not in self._differences:
            shared = _keys(old.shards) & _keys(new.shards)
            sides = [
                [await self._table(each) for each in side.shards if each.object_key not in shared]
                for side in (old, new)
            ]
            self._differences[asked] = await asyncio.to_thread(differing, *sides)
            while len(self._differences) > MAX_DIFFERENCES:
                self._differences.popitem(last=False)
        self._differences.move_to_end(asked)
        return self._differences[asked]

    async def _table(self, shard: Shard) -> pa.Table:
        """A shard's rows, from memory where they were asked for lately."""
        key = shard.object_key
        table = self._tables.get(key)
        if table is None:
            data = await self._store.objects.get_bytes(key)
            table = await asyncio.to_thread(lambda: pq.read_table(BytesIO(data)))
            self._tables[key] = table
        self._tables.move_to_end(key)
        while len(self._tables) > 1 and _bytes(self._tables.values()) > MAX_CACHE_BYTES:
            self._tables.popitem(last=False)
        return table


def _keys(shards: Iterable[Shard]) -> set[str]:
    return {shard.object_key for shard in shards}


def _bytes(tables: Iterable[pa.Table]) -> int:
    return sum(int(table.nbytes) for table in tables)


def _may_hold(shard: Shard, numbers: Sequence[int] | None, after: int) -> bool:
    begin, end = shard.first_row or 0, shard.last_row or 0
    if numbers is not None:
        return any(begin <= number <= end for number in numbers)
    return end > after


def _filtered(
    table: pa.Table, wanted: RowFilter, numbers: Sequence[int] | None, after: int
) -> pa.Table:
    keep: Any = pc.greater(table["row"], pa.scalar(after))
    if numbers is not None:
        keep = pc.and_(keep, pc.is_in(table["row"], pa.array(numbers, pa.int64())))
    for name in ("label", "split"):
        if (value := getattr(wanted, name)) is not None:
            keep = pc.and_(
                keep, pc.equal(pc.coalesce(table[name], pa.scalar("")), pa.scalar(value))
            )
    if wanted.contains:
        holds = pc.match_substring(table["text"], wanted.contains, ignore_case=True)
        keep = pc.and_(keep, holds)
    return table.filter(keep)


def _rows(table: pa.Table) -> list[VersionRow]:
    return [
        VersionRow(
            each["row"], each["text"][:SHOWN_CHARACTERS], each["label"], each["split"],
            len(each["text"]) > SHOWN_CHARACTERS,
        )
        for each in table.to_pylist()
    ]  # fmt: skip
