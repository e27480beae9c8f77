"""Parquet, by batches; only the columns that are wanted are read."""

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
from workers.pipeline.readers.source import Damaged, Source

MAGIC = b"PAR1"
BATCH_ROWS = 2_000


@dataclass(frozen=True, slots=True)
class ParquetReader:
    """A Parquet file whose footer could be read."""

    path: Path
    columns: tuple[str, ...]
    total: int
    format: DataFormat = DataFormat.PARQUET
    encoding: None = None
    delimiter: None = None
    has_header: None = None

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        wanted = [index for index, name in enumerate(self.columns) if not only or name in only]
        names = [self.columns[index] for index in wanted]
        done = 0
        try:
            with pq.ParquetFile(self.path) as file:
                fields = [file.schema_arrow.names[index] for index in wanted]
                for batch in file.iter_batches(BATCH_ROWS, columns=fields):
                    columns = [_values(column) for column in batch.columns]
                    for values in zip(*columns, strict=True):
                        done += 1
                        yield RawRow(done, dict(zip(names, values, strict=True)))
        except (pa.ArrowException, OSError) as error:
            yield _damaged(done + 1, error)


def _values(column: pa.Array[Any]) -> Sequence[object]:
    """Python values; strings with bytes that are no UTF-8 come as bytes."""
    try:
        return column.to_pylist()
    except UnicodeDecodeError:
        return column.cast(pa.large_binary()).to_pylist()


def open_parquet(source: Source, scratch: Path) -> ParquetReader:
    """Raises BadData for a file without a readable footer. A gzipped one is expanded to scratch."""
    try:
        path = _expand(source, scratch) if source.compressed else source.path
        with pq.ParquetFile(path) as file:
            names = unique_names(file.schema_arrow.names)
            return ParquetReader(path, names, max(file.metadata.num_rows, 1))
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
