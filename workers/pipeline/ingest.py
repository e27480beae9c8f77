"""From a raw file of any known format to normalised shards and a profile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import TypeVar

from store.records.dataset import Columns, DataFormat, DataKind, Problem, Profile, Reading
from store.records.sequences import SequenceFilter
from workers.pipeline.columns import chosen
from workers.pipeline.plan import no_rows, plan
from workers.pipeline.problems import Fault, ProblemLog, problem
from workers.pipeline.profile import Profiler
from workers.pipeline.progress import Progress
from workers.pipeline.readers.opening import open_reader
from workers.pipeline.readers.protocol import Found, RawRow
from workers.pipeline.rows import Normaliser, Row
from workers.pipeline.shards import LocalShard, ShardWriter, count_rows, read_shards

BATCH = 2_000
"""Rows between two reports of progress."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IngestRequest:
    """What is known about the raw file."""

    filename: str
    kind: DataKind
    format: DataFormat | None = None
    """None asks for it to be told from the file, as for `encoding` and `delimiter`."""
    columns: Columns = field(default_factory=Columns)
    base_shards: tuple[Path, ...] = ()
    """The version that is appended to, in order."""
    first_row: int | None = None
    """Number of the first new row; None counts on from the rows of the base."""
    encoding: str | None = None
    delimiter: str | None = None
    sequence_filter: SequenceFilter | None = None

    @property
    def reading(self) -> Reading:
        return Reading(self.format, self.encoding, self.delimiter, self.sequence_filter)


@dataclass(frozen=True, slots=True)
class Ingested:
    """How the file was read, and what is in it."""

    format: DataFormat
    encoding: str | None
    delimiter: str | None
    has_header: bool | None
    compressed: bool
    columns: Columns
    shards: tuple[LocalShard, ...]
    """The new rows only; they are numbered from `first_row` on."""
    profile: Profile
    """Over the base and the new rows."""
    problems: tuple[Problem, ...]
    """The first 100 of `problem_count`."""
    problem_count: int
    rejected_rows: int
    """Rows that were left out, those without text among them."""


def ingest(raw: Path, out: Path, request: IngestRequest, progress: Progress) -> Ingested:
    """Read `raw`, write shards into the folder `out`.

    Raises BadData for a file that gives no usable row, and what `progress` raises.
    """
    out.mkdir(parents=True, exist_ok=True)
    reader, compressed = open_reader(
        raw, out, filename=request.filename, kind=request.kind, wanted=request.reading,
        asked=chosen(request.columns), progress=progress,
    )  # fmt: skip
    normaliser = plan(reader, request.kind, request.columns, request.sequence_filter)
    log, profiler = ProblemLog(), Profiler(sequences=normaliser.alphabet is not None)
    base_rows = count_rows(request.base_shards)
    every = chain(read_shards(request.base_shards), reader.rows(chosen(normaliser.columns)))
    watched = _watched(every, progress, base_rows + reader.total)
    first_row = base_rows if request.first_row is None else request.first_row
    with ShardWriter(out, first_row=first_row) as writer:
        for number, row in enumerate(_good(watched, normaliser, log)):
            profiler.add(row)
            if number >= base_rows:
                writer.add(row)
    if not writer.shards:
        raise no_rows(log)
    note_labels(profiler, log)
    note_texts(profiler, log)
    return Ingested(
        format=reader.format,
        encoding=reader.encoding,
        delimiter=reader.delimiter,
        has_header=reader.has_header,
        compressed=compressed,
        columns=normaliser.columns,
        shards=tuple(writer.shards),
        profile=profiler.profile(
            empty_rows=log.empty_rows, qualities=normaliser.qualities, rejections=log.rejections
        ),
        problems=tuple(log),
        problem_count=log.count,
        rejected_rows=log.rejected_rows,
    )


def _good(found: Iterable[Row | Found], normaliser: Normaliser, log: ProblemLog) -> Iterator[Row]:
    """Normalised rows; problems go to the log."""
    for each in found:
        row = normaliser.row(each) if isinstance(each, RawRow) else each
        if isinstance(row, Problem):
            log.add(row)
        else:
            yield row


def _watched(items: Iterable[T], progress: Progress, total: int) -> Iterator[T]:
    """The items, with progress told every BATCH and at the end."""
    done = 0
    for done, item in enumerate(items, start=1):
        yield item
        if done % BATCH == 0:
            progress(done, max(total, done + 1))
    progress(done, done)


def note_labels(profiler: Profiler, log: ProblemLog) -> None:
    """Warn of labels that are one but for upper and lower case, and of several joined to one."""
    if joined := profiler.joined_labels():
        log.add_first(
            problem(
                Fault.SEVERAL_LABELS,
                "Labels seem to be several, joined; each combination is a class of its own.",
                "Give each row one label if single ones are to be learnt.",
                value=joined.label,
            )
        )
    for labels in profiler.labels_differing_in_case():
        log.add_first(
            problem(
                Fault.LABELS_DIFFER_IN_CASE,
                "These labels are one but for upper and lower case; each is its own class.",
                "Write a label the same way in every row if one class is meant.",
                value=", ".join(labels),
            )
        )


def note_texts(profiler: Profiler, log: ProblemLog) -> None:
    """Warn of biological sequences that are read as text."""
    if profiler.is_of_sequences_as_text:
        log.add_first(
            problem(
                Fault.SEQUENCES_AS_TEXT,
                "The texts look like biological sequences, but are taken for words.",
                "Make the data set again with the kind SEQUENCE.",
            )
        )
