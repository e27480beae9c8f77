"""What a backup says of itself.

manifest.json            all that this file names
manifest.json.sha256     its digest, as `sha256sum` writes it
records/<name>.bson.gz   the documents of a collection, one after the other
redis.jsonl.gz           streams and counters, see `store.backup.streams`
objects.jsonl.gz         a line for each object: its key, size and SHA-256
objects/<key>            the objects
secret_key               only where it was asked for
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from store.backup.errors import BadBackup
from store.codec import from_plain, to_plain
from store.objects.files import flush
from store.records.platform import Applied

FORMAT = 1
MANIFEST, DIGEST = "manifest.json", "manifest.json.sha256"
RECORDS, REDIS, LIST, OBJECTS, SECRET = (
    "records", "redis.jsonl.gz", "objects.jsonl.gz", "objects", "secret_key",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """A file of the backup."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class CopiedCollection:
    name: str
    documents: int
    content_sha256: str
    """Of the documents, one after the other, as they are restored."""
    file: File
    indexes: tuple[dict[str, Any], ...] = ()

    @property
    def forgets(self) -> bool:
        """Whether MongoDB deletes what is too old in it by itself."""
        return any("expireAfterSeconds" in index for index in self.indexes)


@dataclass(frozen=True, slots=True)
class CopiedRedis:
    file: File
    streams: int
    entries: int
    values: int
    """Counters and indexes beside the streams."""


@dataclass(frozen=True, slots=True)
class CopiedObjects:
    file: File
    """The list of them."""
    count: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Manifest:
    id: str
    at: datetime
    """When the records were cut."""
    version: str
    """Of the Shoal that took it."""
    key_mark: str
    """Tells whether a SECRET_KEY is the one of then, and nothing else of it."""
    has_key: bool
    applied: tuple[Applied, ...]
    """The migrations that the records went through."""
    cut: dict[str, str]
    """The last event that is in it, by shared stream."""
    collections: tuple[CopiedCollection, ...]
    redis: CopiedRedis
    objects: CopiedObjects
    missing: tuple[str, ...] = ()
    """Objects that records name and that were not to be found: they were lost before."""
    damaged: tuple[str, ...] = ()
    """Objects that are not what their record says."""
    format: int = field(default=FORMAT, kw_only=True)

    @property
    def documents(self) -> int:
        return sum(each.documents for each in self.collections)

    @property
    def bytes(self) -> int:
        files = [each.file for each in self.collections] + [self.redis.file, self.objects.file]
        return self.objects.bytes + sum(file.bytes for file in files)

    @property
    def newest_migration(self) -> int:
        return max((each.number for each in self.applied), default=0)


def key_mark(secret: bytes) -> str:
    """Of a SECRET_KEY."""
    return hmac.digest(secret, b"a backup's mark", hashlib.sha256).hex()[:16]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """With its digest, which is written last."""
    text = orjson.dumps(to_plain(manifest), option=orjson.OPT_INDENT_2)
    (folder / MANIFEST).write_bytes(text)
    flush(folder / MANIFEST)
    (folder / DIGEST).write_text(f"{hashlib.sha256(text).hexdigest()}  {MANIFEST}\n")
    flush(folder / DIGEST)


def read_manifest(folder: Path) -> Manifest:
    """Raises BadBackup."""
    try:
        text = (folder / MANIFEST).read_bytes()
        told = (folder / DIGEST).read_text().partition(" ")[0]
    except OSError as error:
        raise BadBackup(f"{folder} is no finished backup: {error.strerror}") from error
    if hashlib.sha256(text).hexdigest() != told:
        raise BadBackup(f"{folder / MANIFEST} is not what it was when it was written")
    plain: Mapping[str, Any] = orjson.loads(text)
    if plain.get("format") != FORMAT:
        raise BadBackup(f"its format {plain.get('format')} is not known here, only {FORMAT}")
    return from_plain(Manifest, plain)
