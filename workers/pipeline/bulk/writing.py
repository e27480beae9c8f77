"""Answered parts put together: one Parquet, CSV or JSON-lines file, read and written part by part.

CSV holds lists as JSON. A spreadsheet that opens it would run values that begin as a formula does,
so they have an apostrophe before them, unless it was asked for as it is, for a program.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from store.digest import sha256_of
from store.formulas import harmless
from store.records.bulk import ResultFormat
from store.records.dataset import LabelCount
from store.records.prediction import Decision
from workers.pipeline.progress import Progress

MAX_LABELS = 1_000
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class WriteRequest:
    parts: tuple[Path, ...]
    """In order."""
    out: Path
    format: ResultFormat
    escapes_formulas: bool = True


@dataclass(frozen=True, slots=True)
class Written:
    rows: int
    abstained: int
    out_of_distribution: int
    labels: tuple[LabelCount, ...]
    bytes: int
    sha256: str


@dataclass
class _Counts:
    """What the rows that pass are counted by."""

    rows: int = 0
    abstained: int = 0
    out_of_distribution: int = 0
    labels: Counter[str] = field(default_factory=Counter)

    def add(self, table: pa.Table) -> None:
        self.rows += table.num_rows
        self.abstained += pc.sum(table.column("abstained")).as_py() or 0
        decisions = table.column("decision").to_pylist()
        self.out_of_distribution += decisions.count(Decision.OUT_OF_DISTRIBUTION)
        self.labels.update(map(str, table.column("label").to_pylist()))

    def most_common(self) -> tuple[LabelCount, ...]:
        ordered = sorted(self.labels.items(), key=lambda each: (-each[1], each[0]))
        return tuple(LabelCount(label, rows) for label, rows in ordered[:MAX_LABELS])


def write(request: WriteRequest, progress: Progress) -> Written:
    """Write the one file. Raises what `progress` raises."""
    counts = _Counts()
    tables = _tables(request, counts, progress)
    match request.format:
        case ResultFormat.PARQUET:
            _parquet(tables, request.out)
        case ResultFormat.CSV:
            _csv(tables, request.out, request.escapes_formulas)
        case ResultFormat.JSONL:
            _jsonl(tables, request.out)
    size, digest = request.out.stat().st_size, sha256_of(request.out)
    return Written(
        counts.rows,
        counts.abstained,
        counts.out_of_distribution,
        counts.most_common(),
        size,
        digest,
    )


def _tables(request: WriteRequest, counts: _Counts, progress: Progress) -> Iterator[pa.Table]:
    total = sum(pq.read_metadata(path).num_rows for path in request.parts)
    for path in request.parts:
        table = pq.read_table(path)
        counts.add(table)
        yield table
        progress(counts.rows, total)


def _parquet(tables: Iterator[pa.Table], out: Path) -> None:
    first = next(tables)
    with pq.ParquetWriter(out, first.schema, compression="zstd") as file:
        file.write_table(first)
        for table in tables:
            file.write_table(table)


def _csv(tables: Iterator[pa.Table], out: Path, escapes: bool) -> None:
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, table in enumerate(tables):
            if number == 0:
                writer.writerow([_cell(name, escapes) for name in table.column_names])
            for row in _rows(table):
                writer.writerow([_cell(value, escapes) for value in row.values()])


def _cell(value: Any, escapes: bool) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return orjson.dumps(value).decode()
    return harmless(value) if escapes and isinstance(value, str) else value


def _jsonl(tables: Iterator[pa.Table], out: Path) -> None:
    with out.open("wb") as file:
        for table in tables:
            file.writelines(orjson.dumps(row) + b"\n" for row in _rows(table))


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(BATCH):
        yield from batch.to_pylist()
