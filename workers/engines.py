"""Embedders' engines: made once, kept in the object store, held on every host that embeds."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from store.errors import NotFound
from store.objects import ObjectStore, keys
from store.store import Store
from workers.attempts.folders import files_under, pull
from workers.pipeline.embedders.whole import CONFIG, is_whole


async def keep_engine(objects: ObjectStore, key: str, folder: Path) -> None:
    """Upload the engine unless it is there; the file that declares it whole comes last."""
    prefix = keys.engine(key)
    if await objects.stat(prefix + CONFIG) is None:
        for path in sorted(files_under(folder), key=lambda path: path.name == CONFIG):
            await objects.put_file(prefix + path.relative_to(folder).as_posix(), path)


async def fetch_engine(objects: ObjectStore, key: str, folder: Path) -> bool:
    """Fetch the engine; False when it was never made, or is not all there yet."""
    prefix = keys.engine(key)
    if await objects.stat(prefix + CONFIG) is None:
        return False
    await pull(objects, prefix, folder)
    return True


async def engine_here(store: Store, key: str) -> Path:
    """The folder of this host's copy, fetched when it is first asked for. Raises NotFound."""
    folder = _folder(store, key)
    if is_whole(folder):
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".") as scratch:
        draft = Path(scratch, key)
        if not await fetch_engine(store.objects, key, draft):
            raise NotFound(f"engine {key} is not in the object store")
        _move(draft, folder)
    return folder


async def drop_engine(store: Store, key: str) -> None:
    """Let go of this host's copy, which may be damaged; the next to ask fetches it anew."""
    await asyncio.to_thread(shutil.rmtree, _folder(store, key), ignore_errors=True)


def _move(draft: Path, folder: Path) -> None:
    try:
        draft.rename(folder)
    except OSError:
        if not is_whole(folder):  # else another process of this host was faster
            raise


def _folder(store: Store, key: str) -> Path:
    return store.settings.data.absolute() / "engines" / key
