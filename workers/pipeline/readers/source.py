"""The bytes of a raw file, expanded within bounds where it is gzipped."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workers.pipeline.problems import Fault, refusal

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

GZIP_MAGIC = b"\x1f\x8b"
MAX_RATIO = 200
"""Expanded bytes for each compressed one. Text seldom passes 20; a bomb reaches 1,000."""
MAX_EXPANDED = 50 * 10**9
FREE_EXPANDED = 64 * 2**20
"""Bytes that any file may expand to: a small file of equal rows is no bomb."""


class Damaged(Exception):
    """The compressed bytes are cut off or broken from here on; what came before was good."""


@dataclass(frozen=True, slots=True)
class Source:
    """A raw file on disk."""

    path: Path
    compressed: bool

    @contextmanager
    def open(self) -> Iterator[io.BufferedReader]:
        """The expanded bytes. Reading raises Damaged, or BadData where they are too many."""
        with self.path.open("rb") as raw:
            yield io.BufferedReader(_Expanded(raw, self.limit)) if self.compressed else raw

    @property
    def limit(self) -> int:
        """Bytes that a compressed file may expand to."""
        size = self.path.stat().st_size
        return min(MAX_EXPANDED, max(FREE_EXPANDED, MAX_RATIO * size))

    def head(self, size: int) -> bytes:
        """The first `size` bytes, or as many as can be read."""
        with self.open() as stream:
            return b"".join(blocks(stream, size))[:size]


def open_source(path: Path) -> Source:
    """Look at the first bytes; whether a file is gzipped is not left to its name."""
    with path.open("rb") as raw:
        return Source(path, compressed=raw.read(2) == GZIP_MAGIC)


def blocks(stream: io.BufferedReader, limit: int | None = None) -> Iterator[bytes]:
    """The stream in blocks of at most 1 MiB, until `limit` bytes, its end, or its damage."""
    given = 0
    try:
        while (limit is None or given < limit) and (block := stream.read1(2**20)):
            given += len(block)
            yield block
    except Damaged:
        return


def check_expansion(size: int, limit: int) -> None:
    """Raise BadData where the file holds more than it may."""
    if size > limit:
        raise refusal(
            Fault.EXPANDS_TOO_FAR,
            f"The compressed file expands to over {limit:,} bytes.",
            "Upload it uncompressed, or in several smaller files.",
        )


class _Expanded(io.RawIOBase):
    """Gzip, of one member or several, with a limit on what comes out."""

    def __init__(self, raw: io.BufferedReader, limit: int) -> None:
        self._gzip = gzip.GzipFile(fileobj=raw)
        self._limit = limit
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer)
        try:
            data = self._gzip.read1(len(view))
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise Damaged(str(error)) from error
        self._given += len(data)
        check_expansion(self._given, self._limit)
        view[: len(data)] = data
        return len(data)
