"""Objects to files, and back. What an object holds never changes, so any copy of it is the one."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import orjson

from store import disk
from store.abreast import abreast
from store.backup.errors import BadBackup
from store.backup.manifest import LIST, OBJECTS, CopiedObjects
from store.backup.named import Named
from store.backup.packing import packing, unpacking
from store.backup.progress import Tell
from store.digest import sha256_of
from store.errors import DiskFull, NotFound
from store.objects import ObjectStat, ObjectStore

CACHES = ("vectors", "artefacts")
"""Kinds of objects that only save work: without them trainings embed anew."""


@dataclass(frozen=True, slots=True)
class CopiedObject:
    key: str
    bytes: int
    sha256: str


class ObjectCopy:
    """Copies into the folder of a backup; what an interrupted one left there is taken as it is.

    `base` is an earlier backup: what it has is linked instead of copied.
    """

    def __init__(
        self, objects: ObjectStore, folder: Path, *, base: Path | None, has_caches: bool
    ) -> None:
        self._objects = objects
        self._folder = folder
        self._base = base
        self._has_caches = has_caches
        self._known = {each.key: each for each in read_list(base)} if base else {}
        self._copied: dict[str, CopiedObject] = {}

    async def copy(self, named: Named, tell: Tell) -> set[str]:
        """Copy what belongs to those records; needed ones that are not there."""
        needed = named.needed()
        done = len(self._copied)
        async for some in self._listed(named, needed):
            fresh = [each for each in some if each.key not in self._copied]
            await abreast(self._copy, fresh)
            done += len(fresh)
            tell("objects", done, None)
        tell("objects", done, done)
        return needed.keys() - self._copied.keys()

    def finish(self, named: Named) -> tuple[CopiedObjects, list[str]]:
        """Write the list, drop what came for records of an earlier round; the damaged ones."""
        needed = named.needed()
        kept = [
            each for key, each in sorted(self._copied.items())
            if key in needed or named.belongs(key)
        ]  # fmt: skip
        with packing(self._folder, LIST) as out:
            for each in kept:
                line = {"key": each.key, "bytes": each.bytes, "sha256": each.sha256}
                out.write(orjson.dumps(line) + b"\n")
        keys = {each.key for each in kept}
        for path, key in files_under(self._folder / OBJECTS):
            if key not in keys:
                path.unlink()
        damaged = [each.key for each in kept if needed.get(each.key) not in (None, each.sha256)]
        return CopiedObjects(out.file, len(kept), sum(each.bytes for each in kept)), damaged

    async def _listed(
        self, named: Named, needed: Mapping[str, str | None]
    ) -> AsyncIterator[list[ObjectStat]]:
        """What there is and belongs to the records, a kind at a time."""
        usage = await self._objects.usage()
        self._check_room(sum(each.bytes for each in usage.values()))
        for kind in sorted(usage):
            if self._has_caches or kind not in CACHES:
                found = await self._objects.list(f"{kind}/")
                yield [each for each in found if each.key in needed or named.belongs(each.key)]

    def _check_room(self, size: int) -> None:
        """Raises DiskFull before hours of copying rather than after. Links take no room."""
        there = sum(path.stat().st_size for path, _ in files_under(self._folder / OBJECTS))
        if self._base is None and size - there > shutil.disk_usage(self._folder).free:
            raise DiskFull(disk.full(self._folder).partition(":")[0])

    async def _copy(self, stat: ObjectStat) -> None:
        path = self._folder / OBJECTS / stat.key
        here = await asyncio.to_thread(lambda: self._there(stat, path) or self._linked(stat, path))
        with suppress(NotFound):  # a purge was faster
            self._copied[stat.key] = here or await self._fetched(stat, path)

    def _there(self, stat: ObjectStat, path: Path) -> CopiedObject | None:
        if not path.is_file() or path.stat().st_size != stat.size:
            return None
        return CopiedObject(stat.key, stat.size, sha256_of(path))

    def _linked(self, stat: ObjectStat, path: Path) -> CopiedObject | None:
        known = self._known.get(stat.key)
        if self._base is None or known is None or known.bytes != stat.size:
            return None
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(self._base / OBJECTS / stat.key, path)
        except OSError:  # on another disk, or on one that cannot
            return None
        return known

    async def _fetched(self, stat: ObjectStat, path: Path) -> CopiedObject:
        await asyncio.to_thread(path.parent.mkdir, parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}")
        size, digest = 0, hashlib.sha256()
        with await asyncio.to_thread(temporary.open, "wb") as out:
            async for chunk in self._objects.stream(stat.key):
                size += len(chunk)
                digest.update(chunk)
                await asyncio.to_thread(out.write, chunk)
            await asyncio.to_thread(os.fsync, out.fileno())
        await asyncio.to_thread(temporary.replace, path)
        return CopiedObject(stat.key, size, digest.hexdigest())


async def load_objects(
    folder: Path, copied: CopiedObjects, objects: ObjectStore, tell: Tell
) -> None:
    """Put every object back; those that are there with their size came with an earlier try."""
    done = 0

    async def put(each: CopiedObject) -> None:
        there = await objects.stat(each.key)
        if there is None or there.size != each.bytes:
            await objects.put_file(each.key, folder / OBJECTS / each.key)

    for some in _in_hundreds(read_list(folder)):
        await abreast(put, some)
        done += len(some)
        tell("objects", done, copied.count)


def read_list(folder: Path) -> Iterator[CopiedObject]:
    """Every object of a backup, by key. Raises BadBackup."""
    with unpacking(folder, LIST) as file:
        for line in file:
            yield CopiedObject(**orjson.loads(line))


def check_object(folder: Path, each: CopiedObject) -> None:
    """Raises BadBackup unless it is the object that was copied."""
    path = folder / OBJECTS / each.key
    if not path.is_file():
        raise BadBackup(f"the object {each.key} is missing")
    if path.stat().st_size != each.bytes or sha256_of(path) != each.sha256:
        raise BadBackup(f"the object {each.key} is not the one that was copied")


def files_under(folder: Path) -> list[tuple[Path, str]]:
    """Every file and its place below the folder."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return [(path, path.relative_to(folder).as_posix()) for path in found]


def _in_hundreds(items: Iterator[CopiedObject]) -> Iterator[list[CopiedObject]]:
    some: list[CopiedObject] = []
    for item in items:
        some.append(item)
        if len(some) == 100:
            yield some
            some = []
    if some:
        yield some
