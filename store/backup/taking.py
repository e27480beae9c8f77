"""Taking a backup while the platform runs.

    1. where the events end; answers that are only in Redis
    2. the records, all as of one moment
    3. the events up to 1; counters
    4. the objects that belong to those records

A purge that runs meanwhile may take objects away that the records of step 2 name. Then all is done
again but for the objects that are copied, so the next round takes seconds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from store.backup.draft import draft
from store.backup.manifest import (
    SECRET,
    CopiedCollection,
    CopiedRedis,
    Manifest,
    key_mark,
    read_manifest,
    write_manifest,
)
from store.backup.named import Named
from store.backup.objects import ObjectCopy
from store.backup.progress import Tell, quiet
from store.backup.records import copy_records
from store.backup.streams import Cut, RedisCopy
from store.clock import now
from store.mongo import Collections
from store.mongo.copying import snapshot
from store.records.platform import BackupNote, DataState
from store.settings import Settings
from store.store import Store
from store.version import VERSION

ROUNDS = 3


async def take_backup(
    store: Store, target: Path, *, base: Path | None = None, has_caches: bool = True,
    has_key: bool = False, tell: Tell = quiet,
) -> Manifest:  # fmt: skip
    """Everything that the store holds, into a new folder, which appears when it is whole.

    Raises BackupFailed, BadBackup for a base that is none, NoSnapshot, Unavailable.
    """
    if base is not None:
        read_manifest(base)
    with draft(target) as folder:
        if has_key:
            _keep_key(folder, store.settings)
        manifest = await Taking(
            store, ObjectCopy(store.objects, folder, base=base, has_caches=has_caches),
            folder, tell,
        ).take()  # fmt: skip
        manifest = replace(manifest, has_key=has_key)
        write_manifest(folder, manifest)
    note = BackupNote(manifest.id, manifest.at, str(target), manifest.bytes)
    await store.mongo.platform.note_backup(note)
    return manifest


@dataclass(frozen=True, slots=True)
class Round:
    """Everything but the objects."""

    at_cut: Cut
    named: Named
    collections: tuple[CopiedCollection, ...]
    redis: CopiedRedis
    state: DataState


class Taking:
    def __init__(self, store: Store, objects: ObjectCopy, folder: Path, tell: Tell) -> None:
        self._mongo: Collections = store.mongo
        self._settings = store.settings
        self._redis = RedisCopy(store.redis, store.settings.redis_prefix)
        self._objects = objects
        self._folder = folder
        self._tell = tell

    async def take(self) -> Manifest:
        for _ in range(ROUNDS):
            at = now()
            copied = await self._round()
            missing = await self._objects.copy(copied.named, self._tell)
            if not missing:
                break
        listed, damaged = self._objects.finish(copied.named)
        return Manifest(
            id=uuid4().hex, at=at, version=VERSION, key_mark=key_mark(self._settings.secret),
            has_key=False, applied=copied.state.applied,
            cut={name: str(cursor) for name, cursor in copied.at_cut.items()},
            collections=copied.collections, redis=copied.redis, objects=listed,
            missing=tuple(sorted(missing)), damaged=tuple(damaged),
        )  # fmt: skip

    async def _round(self) -> Round:
        cut, named = await self._redis.cut(), Named()
        await self._redis.unfiled(self._folder)
        async with snapshot(self._mongo.database) as moment:
            state = await self._mongo.platform.data() or DataState()
            collections = await copy_records(moment, self._folder, named, self._tell)
        copied = await self._redis.copy(self._folder, cut, named.has_ended, self._tell)
        return Round(cut, named, collections, copied, state)


def _keep_key(folder: Path, settings: Settings) -> None:
    path = folder / SECRET
    path.touch(mode=0o600)
    path.write_bytes(settings.secret + b"\n")
