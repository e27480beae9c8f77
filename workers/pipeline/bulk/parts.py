"""Rows cut into parts, as files: what is asked of one is bounded in rows and in characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

PART_ROWS = 5_000
PART_CHARACTERS = 2_000_000
"""Either ends a part. It is what a lost worker loses at most: seconds of work."""


@dataclass(frozen=True, slots=True)
class Part:
    """Rows to be answered together; the name tells which they are."""

    name: str
    path: Path
    rows: int


class PartWriter:
    """Writes rows in order; `parts` is complete after the block."""

    def __init__(self, folder: Path, schema: pa.Schema, most_rows: int = PART_ROWS) -> None:
        self._folder, self._schema, self._most_rows = folder, schema, most_rows
        self._waiting: list[Sequence[Any]] = []
        self._characters = self._written = 0
        self._text = schema.names.index("text")
        self.parts: list[Part] = []

    def __enter__(self) -> PartWriter:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._write()

    def add(self, row: Sequence[Any]) -> None:
        """A row, its values in the order of the schema."""
        self._waiting.append(row)
        self._characters += len(row[self._text])
        if len(self._waiting) == self._most_rows or self._characters >= PART_CHARACTERS:
            self._write()

    def _write(self) -> None:
        if not self._waiting:
            return
        rows = len(self._waiting)
        name = f"{self._written:010}-{rows:05}"
        path = self._folder / f"{name}.parquet"
        columns = list(zip(*self._waiting, strict=True))
        pq.write_table(pa.table(columns, schema=self._schema), path, compression="zstd")
        self.parts.append(Part(name, path, rows))
        self._written += rows
        self._waiting.clear()
        self._characters = 0
