"""Restoring into an empty place.

A note is left first that says which backup is being restored; until it goes, with the last step,
no process begins its work here. An interrupted restore is done again by the same command: it clears
the records and events of the first try, and keeps its objects.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from pathlib import Path

from redis.asyncio import Redis

from store.backup.check import check_backup
from store.backup.errors import NotEmpty, OtherKey
from store.backup.manifest import Manifest, key_mark
from store.backup.objects import load_objects
from store.backup.progress import Tell, quiet
from store.backup.records import load_records
from store.backup.streams import RedisCopy
from store.errors import NewerData
from store.events import Events
from store.jobs.ledger import Ledger
from store.jobs.queue import Queue
from store.mongo import Collections, open_unchecked
from store.mongo.copying import Loader
from store.mongo.migrations import MIGRATIONS
from store.mongo.migrator import is_empty
from store.objects import ObjectStore, open_object_store
from store.records.platform import DataState
from store.redis.connection import open_redis
from store.settings import Settings
from store.version import VERSION

TOLD_AGAIN = timedelta(minutes=1)
"""Ends of jobs whose news may have been told between the cut of the events and the records'."""


class Key(Enum):
    """What to do about the SECRET_KEY."""

    SAME = "it must be that of the backup"
    ANY = "another one is fine: sessions end, webhooks need new secrets"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is restored."""

    settings: Settings
    mongo: Collections
    redis: Redis
    objects: ObjectStore


async def restore_backup(
    folder: Path, settings: Settings, *, key: Key = Key.SAME, tell: Tell = quiet
) -> Manifest:
    """Check the backup, then put all of it where the settings say.

    Raises BadBackup, OtherKey, NewerData, NotEmpty, Unavailable; nothing is written then, but for
    the last.
    """
    manifest = await asyncio.to_thread(check_backup, folder, tell)
    _check_key(manifest, settings, key)
    if manifest.newest_migration > MIGRATIONS[-1].number:
        raise NewerData(
            f"the backup was taken by Shoal {manifest.version}, whose records Shoal {VERSION} does "
            "not know: restore it with that version or a newer one"
        )
    async with _open(settings) as place:
        await _make_room(place, manifest)
        await load_objects(folder, manifest.objects, place.objects, tell)
        await load_records(folder, manifest.collections, Loader(place.mongo.database), tell)
        copied = RedisCopy(place.redis, settings.redis_prefix)
        await copied.load(folder, manifest.redis.entries, tell)
        await _tell_again(place, manifest)
        await place.mongo.platform.note_data(DataState(manifest.applied))
    return manifest


def _check_key(manifest: Manifest, settings: Settings, key: Key) -> None:
    marks = {key_mark(secret) for secret in settings.secrets}
    if key is Key.SAME and manifest.key_mark not in marks:
        raise OtherKey(
            "the backup was taken under another SECRET_KEY. With that one (SECRET_KEY, or "
            "SECRET_KEY_PREVIOUS beside a new one) everything goes on. With --other-key every "
            "session, cursor and signed URL ends, invitations and undo tokens too, and the secrets "
            "of webhooks must be rotated"
        )


@asynccontextmanager
async def _open(settings: Settings) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        mongo = await stack.enter_async_context(open_unchecked(settings))
        objects = await stack.enter_async_context(open_object_store(settings))
        redis = open_redis(settings)
        stack.push_async_callback(redis.aclose)
        yield Place(settings, mongo, redis, objects)


async def _make_room(place: Place, manifest: Manifest) -> None:
    """Note whose place it is now. Raises NotEmpty for what is anybody's else."""
    notes = place.mongo.platform
    copied = RedisCopy(place.redis, place.settings.redis_prefix)
    async with notes.locked():
        state = await notes.data()
        if state is not None and state.restoring == manifest.id:
            await Loader(place.mongo.database).drop_all()
            await copied.clear()
            return
        await _check_empty(place, copied, state)
        await notes.note_data(DataState(restoring=manifest.id))
        await Loader(place.mongo.database).drop_all()  # indexes of nothing


async def _check_empty(place: Place, copied: RedisCopy, state: DataState | None) -> None:
    settings = place.settings
    if state is not None and state.restoring:
        raise NotEmpty(f"another backup, {state.restoring}, is being restored here")
    if not await is_empty(place.mongo.database):
        raise NotEmpty(
            f"the database {settings.database} has records: nothing is ever restored over what is "
            "there. Let SHOAL_DATABASE (or SHOAL_DATA) name a new one, or drop it yourself"
        )
    if not await copied.is_empty():
        raise NotEmpty(
            f"Redis has keys under {settings.redis_prefix}: let SHOAL_REDIS_PREFIX name another "
            "prefix, or delete them; and stop what still runs there"
        )
    if usage := await place.objects.usage():
        where = f"the bucket {settings.bucket}" if settings.minio_endpoint else "the volume"
        raise NotEmpty(f"{where} has objects ({', '.join(sorted(usage))})")


async def _tell_again(place: Place, manifest: Manifest) -> None:
    """The last news of jobs, if the feed lacks them; a minute later no sweeper would look."""
    events = Events(settings=place.settings, redis=place.redis)
    queue = Queue(settings=place.settings, redis=place.redis)
    ledger = Ledger(jobs=place.mongo.jobs, queue=queue, events=events)
    since, until = manifest.at - TOLD_AGAIN, manifest.at + TOLD_AGAIN
    for job in await place.mongo.jobs.ended_between(since, until):
        await ledger.tell(job)
    await events.close()
