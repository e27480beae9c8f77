"""Normalised rows as Parquet files of equal size."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from store.digest import sha256_of
from workers.pipeline.rows import Row

ROWS = 50_000
"""Rows of a shard; the last one may have fewer."""
_TEXT: pa.DataType = pa.string()
SCHEMA = pa.schema(
    {"row": pa.int64(), "text": _TEXT, "label": _TEXT, "split": _TEXT, "name": _TEXT}
)
_GROUP_ROWS = 10_000
_GROUP_CHARACTERS = 32 * 2**20
"""Memory for rows that wait: a group is written when either is reached."""


@dataclass(frozen=True, slots=True)
class LocalShard:
    path: Path
    rows: int
    bytes: int
    sha256: str
    first_row: int
    last_row: int


class ShardWriter:
    """Writes rows in order, numbered from `first_row`; `shards` is complete after the block."""

    def __init__(self, folder: Path, first_row: int = 0) -> None:
        self._folder = folder
        self._row = first_row
        self._waiting: list[Row] = []
        self._characters = 0
        self._file: pq.ParquetWriter | None = None
        self._in_file = 0
        self.shards: list[LocalShard] = []

    def __enter__(self) -> ShardWriter:
        self._folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._write_group()
        self._end_file()

    def add(self, row: Row) -> None:
        self._waiting.append(row)
        self._characters += len(row.text)
        full = self._in_file + len(self._waiting) == ROWS
        if full or len(self._waiting) == _GROUP_ROWS or self._characters > _GROUP_CHARACTERS:
            self._write_group()
        if full:
            self._end_file()

    @property
    def _path(self) -> Path:
        return self._folder / f"shard-{len(self.shards):05}.parquet"

    def _write_group(self) -> None:
        if not self._waiting:
            return
        if self._file is None:
            self._file = pq.ParquetWriter(self._path, SCHEMA, compression="zstd")
        numbers = range(self._row, self._row + len(self._waiting))
        columns = zip(*self._waiting, strict=True)
        self._file.write_table(pa.table([numbers, *columns], schema=SCHEMA))
        self._row += len(numbers)
        self._in_file += len(numbers)
        self._waiting.clear()
        self._characters = 0

    def _end_file(self) -> None:
        if self._file is None:
            return
        self._file.close()
        self.shards.append(_closed(self._path, range(self._row - self._in_file, self._row)))
        self._file, self._in_file = None, 0


def write_shard(path: Path, numbers: Sequence[int], rows: Sequence[Row]) -> LocalShard:
    """Rows with numbers of their own, ascending, at most as many as a shard has."""
    columns = zip(*rows, strict=True)
    table = pa.table([pa.array(numbers), *map(pa.array, columns)], schema=SCHEMA)
    pq.write_table(table, path, compression="zstd", row_group_size=_GROUP_ROWS)
    return _closed(path, numbers)


def _closed(path: Path, numbers: Sequence[int]) -> LocalShard:
    size, digest = path.stat().st_size, sha256_of(path)
    return LocalShard(path, len(numbers), size, digest, numbers[0], numbers[-1])


def count_rows(paths: Iterable[Path]) -> int:
    """The rows of shards, from their footers."""
    return sum(pq.read_metadata(path).num_rows for path in paths)


def read_numbered(path: Path) -> tuple[list[int], list[Row]]:
    """Every row of one shard, and their numbers."""
    table = pq.read_table(path)
    rows = map(Row, *(table[name].to_pylist() for name in columns_of(table.schema)))
    numbers: list[int] = table["row"].to_numpy().tolist()
    return numbers, list(rows)


def read_shards(paths: Iterable[Path]) -> Iterator[Row]:
    """The rows of shards, in order."""
    for path in paths:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(_GROUP_ROWS, columns=columns_of(file.schema_arrow)):
                yield from map(Row, *(column.to_pylist() for column in batch.columns))


def columns_of(schema: pa.Schema) -> list[str]:
    """Those that make a `Row`: shards of before rows had names lack them."""
    return [name for name in Row._fields if name in schema.names]
