"""What every reader gives."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple, Protocol

from store.records.dataset import DataFormat, Problem

MAX_ROW = 16 * 2**20
"""Characters of one row; a longer one is reported and left out, so that memory stays bounded."""


class RawRow(NamedTuple):
    """One row as the file has it."""

    line: int
    """1-based line of the file where the row begins; in Parquet the 1-based number of the row."""
    values: Mapping[str, object]
    name: str | None = None
    """What the file calls it: the header of a sequence."""
    quality: str | None = None
    """One sign a letter of the sequence, as FASTQ has them."""


Found = RawRow | Problem


class Reader(Protocol):
    """A file whose rows can be read again and again, each time from the first."""

    @property
    def format(self) -> DataFormat: ...
    @property
    def encoding(self) -> str | None: ...
    @property
    def delimiter(self) -> str | None: ...
    @property
    def has_header(self) -> bool | None: ...

    @property
    def columns(self) -> tuple[str, ...]:
        """Names known before any row is read; empty where each row brings its own."""

    @property
    def total(self) -> int:
        """About how many rows there are."""

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        """Every row or what is wrong with it; `only` names the columns worth the reading."""
