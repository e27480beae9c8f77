"""Folders of scratch files to the object store and back."""

from __future__ import annotations

from pathlib import Path

from store.abreast import abreast
from store.digest import sha256_of
from store.objects import keys
from store.objects.protocol import ObjectStore
from store.records.model import BundleFile, ModelVersion
from store.store import Store


async def push(objects: ObjectStore, folder: Path, prefix: str) -> tuple[str, ...]:
    """Upload every file under `folder` that is not there yet; the object keys, sorted."""
    there = {each.key for each in await objects.list(prefix)}
    keys = []
    for path in files_under(folder):
        key = prefix + path.relative_to(folder).as_posix()
        if key not in there:
            await objects.put_file(key, path)
        keys.append(key)
    return tuple(keys)


def files_under(folder: Path) -> list[Path]:
    """Every file below `folder`, sorted."""
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def pull(objects: ObjectStore, prefix: str, folder: Path) -> int:
    """Fetch every object under `prefix` into `folder`; how many there were."""

    async def fetch(key: str) -> None:
        path = folder / key.removeprefix(prefix)
        path.parent.mkdir(parents=True, exist_ok=True)
        await objects.fetch(key, path)

    found = await objects.list(prefix)
    await abreast(fetch, [each.key for each in found])
    return len(found)


async def fetch_bundle(objects: ObjectStore, version: ModelVersion, folder: Path) -> None:
    """Fetch a version's bundle. Files of the right size are there from before: loading checks
    every digest."""
    for file in version.files:
        path = folder / file.name
        if not path.is_file() or path.stat().st_size != file.bytes:
            path.parent.mkdir(parents=True, exist_ok=True)
            await objects.fetch(keys.blob(file.sha256), path)


async def push_blobs(objects: ObjectStore, folder: Path) -> tuple[BundleFile, ...]:
    """Upload every file under `folder` by its content; what many bundles share is kept once."""
    files = []
    for path in files_under(folder):
        digest = sha256_of(path)
        if await objects.stat(keys.blob(digest)) is None:
            await objects.put_file(keys.blob(digest), path)
        name = path.relative_to(folder).as_posix()
        files.append(BundleFile(name, digest, path.stat().st_size))
    return tuple(files)


async def keep_blobs(store: Store, files: tuple[BundleFile, ...], folder: Path) -> None:
    """Make sure of what `push_blobs` found or put there, once a version's record lists it.

    Before, a purge may have deleted a file that only what it purges seemed to need.
    """
    await store.trash.settled(files)
    await push_blobs(store.objects, folder)
