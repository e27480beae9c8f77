"""From a data set's shards, or a raw file, to parts that can be answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from store.records.bulk import BulkSpec
from store.records.dataset import DataKind, Problem
from workers.pipeline.bulk.columns import asked_schema
from workers.pipeline.bulk.file_pass import BATCH, FilePass, check_kept
from workers.pipeline.bulk.parts import PART_ROWS, Part, PartWriter
from workers.pipeline.columns import chosen
from workers.pipeline.plan import no_rows, plan
from workers.pipeline.progress import Progress
from workers.pipeline.readers.opening import open_reader

PROBLEMS = "problems.jsonl"


@dataclass(frozen=True, slots=True)
class PrepareRequest:
    """Either shards, in order, or a raw file; parts go into the folder `out`."""

    out: Path
    kind: DataKind
    spec: BulkSpec
    shards: tuple[Path, ...] = ()
    raw: Path | None = None
    filename: str = ""
    part_rows: int = PART_ROWS


@dataclass(frozen=True, slots=True)
class Prepared:
    parts: tuple[Part, ...]
    problems: tuple[Problem, ...] = ()
    """The first 100 of `problem_count`; the file PROBLEMS in `out` has them all."""
    problem_count: int = 0
    rejected_rows: int = 0
    """Rows that get no answer."""


def prepare(request: PrepareRequest, progress: Progress) -> Prepared:
    """Cut the rows into parts. Raises BadData for a file that gives none, and what `progress`
    raises."""
    if request.raw is not None:
        return _of_file(request, request.raw, progress)
    total = sum(pq.read_metadata(path).num_rows for path in request.shards)
    schema = asked_schema((), has_lines=False, has_names=_has_names(request))
    with PartWriter(request.out, schema, request.part_rows) as writer:
        for done, row in enumerate(_of_shards(request), start=1):
            writer.add(row)
            if done % BATCH == 0:
                progress(done, total)
    progress(total, total)
    return Prepared(tuple(writer.parts))


def _has_names(request: PrepareRequest) -> bool:
    return request.kind is DataKind.SEQUENCE


def _of_shards(request: PrepareRequest) -> Iterator[tuple[Any, ...]]:
    """In the order of the schema; shards of before sequences had names lack them."""
    for path in request.shards:
        with pq.ParquetFile(path) as file:
            names = ["name"] if _has_names(request) else []
            there = [each for each in ("row", *names, "text", "label") if _has(file, each)]
            for batch in file.iter_batches(BATCH, columns=there):
                columns = {each: batch.column(each).to_pylist() for each in there}
                blank = [None] * batch.num_rows
                wanted = [columns.get(each, blank) for each in ("row", *names, "text", "label")]
                yield from zip(*wanted, strict=True)


def _has(file: pq.ParquetFile, column: str) -> bool:
    return column in file.schema_arrow.names


def _of_file(request: PrepareRequest, raw: Path, progress: Progress) -> Prepared:
    spec = request.spec
    request.out.mkdir(parents=True, exist_ok=True)
    reader, _ = open_reader(
        raw, request.out, filename=request.filename, kind=request.kind, wanted=spec.reading,
        asked=(*chosen(spec.columns), *spec.keep), progress=progress,
    )  # fmt: skip
    check_kept(reader, spec.keep)
    normaliser = plan(reader, request.kind, spec.columns, spec.reading.sequence_filter)
    schema = asked_schema(spec.keep, has_lines=True, has_names=_has_names(request))
    with (
        PartWriter(request.out, schema, request.part_rows) as writer,
        (request.out / PROBLEMS).open("wb") as told,
    ):
        found = FilePass(reader, normaliser, spec, told, has_names=_has_names(request))
        for row in found.rows(progress):
            writer.add(row)
    if not writer.parts:
        raise no_rows(found.log)
    return Prepared(tuple(writer.parts), tuple(found.log), found.log.count, found.rejected)
