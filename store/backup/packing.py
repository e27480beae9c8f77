"""Files of a backup: compressed, counted and digested while they are written."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from store.backup.errors import BadBackup
from store.backup.manifest import File
from store.digest import sha256_of
from store.objects.files import flush

LEVEL = 3
"""Of gzip: a third of what level 9 takes, for a tenth more bytes."""


class Packing:
    """A file that is being written; `file` and `content_sha256` hold once it is closed."""

    def __init__(self, out: gzip.GzipFile) -> None:
        self._out = out
        self._digest = hashlib.sha256()
        self.file = File("", 0, "")

    def write(self, data: bytes) -> None:
        self._out.write(data)
        self._digest.update(data)

    @property
    def content_sha256(self) -> str:
        return self._digest.hexdigest()


@contextmanager
def packing(folder: Path, name: str) -> Iterator[Packing]:
    """Write `name` in the backup's folder, anew where an earlier try left it."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.GzipFile(path, "wb", LEVEL, mtime=0) as out:
        packed = Packing(out)
        yield packed
    flush(path)
    packed.file = File(name, path.stat().st_size, sha256_of(path))


@contextmanager
def unpacking(folder: Path, name: str) -> Iterator[gzip.GzipFile]:
    """Read what `packing` wrote. Raises BadBackup."""
    try:
        with gzip.GzipFile(folder / name, "rb") as file:
            yield file
    except (OSError, EOFError) as error:
        raise BadBackup(f"{name} cannot be read: {error}") from error
