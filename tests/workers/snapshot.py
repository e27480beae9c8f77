"""What jobs left in a store, to be had again without running them."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.mongo.platform import NAME
from store.store import Store


@dataclass(frozen=True)
class Snapshot:
    """All records, all keys of Redis with their names' ends and times to live, and the files."""

    records: dict[str, list[dict[str, Any]]]
    keys: dict[bytes, tuple[bytes, int]]
    folder: Path


async def is_empty(store: Store) -> bool:
    """Whether nobody has made anything here yet."""
    return await store.mongo.jobs.count({}) == 0 == await store.mongo.users.count({})


async def taken(store: Store, folder: Path) -> Snapshot:
    """A copy that outlives the store; `folder` is to be made for its files."""
    database, prefix = store.mongo.database, store.settings.redis_prefix.encode()
    names = [name for name in await database.list_collection_names() if name != NAME]
    records = {name: await database[name].find({}).to_list(None) for name in names}
    keys = {}
    async for key in store.redis.scan_iter(match=prefix + b"*"):
        ttl_ms = max(await store.redis.pttl(key), 0)
        keys[key.removeprefix(prefix)] = (await store.redis.dump(key), ttl_ms)
    await asyncio.to_thread(shutil.copytree, store.settings.data, folder)
    return Snapshot({name: some for name, some in records.items() if some}, keys, folder)


async def put(store: Store, snapshot: Snapshot) -> None:
    """Have it all in an empty store, beside what that has by being opened."""
    database, prefix = store.mongo.database, store.settings.redis_prefix.encode()
    for name, records in snapshot.records.items():
        await database[name].insert_many([dict(record) for record in records])
    for end, (value, ttl_ms) in snapshot.keys.items():
        if not await store.redis.exists(prefix + end):
            await store.redis.restore(prefix + end, ttl_ms, value)
    await asyncio.to_thread(_copy_missing, snapshot.folder, store.settings.data)


def _copy_missing(source: Path, target: Path) -> None:
    for path in source.rglob("*"):
        copy = target / path.relative_to(source)
        if path.is_file() and not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy)
