"""Records to files of BSON, and back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from gzip import GzipFile
from pathlib import Path

from store.backup.errors import BadBackup
from store.backup.manifest import RECORDS, CopiedCollection
from store.backup.named import Named
from store.backup.packing import packing, unpacking
from store.backup.progress import Tell
from store.mongo.copying import LENGTH_BYTES, Loader, Snapshot, length_of

AT_ONCE, AT_ONCE_BYTES = 500, 8 * 2**20
TOLD_EACH = 500
LAST = ("findings", "predictions")
"""The long ones: what is short should not wait for them."""


async def copy_records(
    moment: Snapshot, folder: Path, named: Named, tell: Tell
) -> tuple[CopiedCollection, ...]:
    """Every collection as it was at that moment. Raises Unavailable, NoSnapshot."""
    names = await moment.collections()
    done, copied = 0, []
    for name in sorted(names, key=lambda each: (each in LAST, each)):
        indexes, count = await moment.indexes(name), 0
        with packing(folder, f"{RECORDS}/{name}.bson.gz") as out:
            async for document in moment.documents(name):
                out.write(bytes(document.raw))
                named.see(name, document)
                count, done = count + 1, done + 1
                if done % TOLD_EACH == 0:
                    tell("records", done, None)
        copied.append(CopiedCollection(name, count, out.content_sha256, out.file, tuple(indexes)))
    tell("records", done, done)
    return tuple(copied)


async def load_records(
    folder: Path, collections: tuple[CopiedCollection, ...], loader: Loader, tell: Tell
) -> None:
    """Into an empty database. Raises Unavailable, BadBackup."""
    done, total = 0, sum(each.documents for each in collections)
    for each in collections:
        with unpacking(folder, each.file.name) as file:
            for batch in _batches(_documents(file)):
                await loader.insert(each.name, batch)
                done += len(batch)
                tell("records", done, total)
        await loader.make_indexes(each.name, each.indexes)
    if done != total:
        raise BadBackup(f"of {total} records {done} were found")


async def digest_of(moment: Snapshot, name: str) -> tuple[int, str]:
    """How many documents a collection has, and what `content_sha256` would be of them."""
    count, digest = 0, hashlib.sha256()
    async for document in moment.documents(name):
        count += 1
        digest.update(document.raw)
    return count, digest.hexdigest()


def _documents(file: GzipFile) -> Iterator[bytes]:
    while head := file.read(LENGTH_BYTES):
        rest = file.read(length_of(head) - LENGTH_BYTES)
        if LENGTH_BYTES + len(rest) != length_of(head):
            raise BadBackup("a file of records ends within one")
        yield head + rest


def _batches(documents: Iterator[bytes]) -> Iterator[list[bytes]]:
    batch: list[bytes] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document)
        if len(batch) == AT_ONCE or size > AT_ONCE_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
