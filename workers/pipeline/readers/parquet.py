"""Parquet, by batches; only the columns that are wanted are read.

Its pages are compressed, and a value that recurs is in the file only once: like a gzipped file it
may hold so many times its own size and no more, be that told by its footer or found on the way.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from store.records.dataset import DataFormat, Problem
from workers.pipeline.problems import Fault, problem, refusal
from workers.pipeline.readers.header import unique_names
from workers.pipeline.readers.protocol import Found, RawRow
from workers.pipeline.readers.source import Damaged, Source, check_expansion

MAGIC = b"PAR1"
BATCH_ROWS, BATCH_BYTES = 2_000, 64 * 2**20


@dataclass(frozen=True, slots=True)
class ParquetReader:
    """A Parquet file whose footer could be read."""

    path: Path
    columns: tuple[str, ...]
    total: int
    limit: int
    """Characters of text that it may hold."""
    format: DataFormat = DataFormat.PARQUET
    encoding: None = None
    delimiter: None = None
    has_header: None = None

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        roots = {name.partition(".")[0] for name in only}  # `data.text` is within `data`
        wanted = [
            index for index, name in enumerate(self.columns)
            if not only or name in only or name in roots
        ]  # fmt: skip
        names = [self.columns[index] for index in wanted]
        done = size = 0
        try:
            with _opened(self.path) as file:
                fields = [file.schema_arrow.names[index] for index in wanted]
                for batch in file.iter_batches(_batch_rows(file), columns=fields):
                    columns = [_values(column) for column in batch.columns]
                    for values in zip(*columns, strict=True):
                        done += 1
                        size += sum(len(value) for value in values if isinstance(value, str))
                        check_expansion(size, self.limit)
                        yield RawRow(done, dict(zip(names, values, strict=True)))
        except (pa.ArrowException, OSError) as error:
            yield _damaged(done + 1, error)


def _opened(path: Path) -> pq.ParquetFile:
    """With each value of a text column once in memory, however often it recurs."""
    with pq.ParquetFile(path) as file:
        schema = file.schema_arrow
        texts = [field.name for field in schema if pa.types.is_string(field.type)]
    return pq.ParquetFile(path, read_dictionary=texts)


def _held(file: pq.ParquetFile) -> int:
    """The bytes of its pages and the number of its values, whichever is more, by its footer."""
    groups = [file.metadata.row_group(n) for n in range(file.metadata.num_row_groups)]
    chunks = [group.column(n) for group in groups for n in range(group.num_columns)]
    return sum(max(each.total_uncompressed_size, each.num_values) for each in chunks)


def _batch_rows(file: pq.ParquetFile) -> int:
    return max(1, min(BATCH_ROWS, BATCH_BYTES * file.metadata.num_rows // max(_held(file), 1)))


def _values(column: pa.Array[Any]) -> Sequence[object]:
    """Python values; strings with bytes that are no UTF-8 come as bytes."""
    if isinstance(column, pa.DictionaryArray):
        known = _values(column.dictionary)
        return [None if at is None else known[at] for at in column.indices.to_pylist()]
    try:
        return column.to_pylist()
    except UnicodeDecodeError:
        return column.cast(pa.large_binary()).to_pylist()


def open_parquet(source: Source, scratch: Path) -> ParquetReader:
    """Raises BadData for a file without a readable footer, or of too much.

    A gzipped one is expanded to scratch.
    """
    try:
        path = _expand(source, scratch) if source.compressed else source.path
        with pq.ParquetFile(path) as file:
            names = unique_names(file.schema_arrow.names)
            check_expansion(_held(file), source.limit)
            return ParquetReader(path, names, max(file.metadata.num_rows, 1), source.limit)
    except (pa.ArrowException, OSError, Damaged) as error:
        raise refusal(
            Fault.DAMAGED_FILE,
            f"The Parquet file cannot be read: {_first_line(error)}.",
            "Write it again and upload it whole; its last bytes hold the table of contents.",
        ) from error


def _expand(source: Source, scratch: Path) -> Path:
    path = scratch / "expanded.parquet"
    with source.open() as stream, path.open("wb") as expanded:
        shutil.copyfileobj(stream, expanded, 2**20)
    return path


def _damaged(row: int, error: Exception) -> Problem:
    return problem(
        Fault.DAMAGED_FILE,
        f"The Parquet file is damaged from this row on: {_first_line(error)}.",
        "Write it again and upload it whole; the rows before this one were kept.",
        line=row,
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
