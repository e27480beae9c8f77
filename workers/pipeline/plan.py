"""How the rows of a file are to be read, settled on its first ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from store.records.dataset import Columns, DataFormat, DataKind, Problem
from store.records.sequences import SequenceFilter
from workers.pipeline.columns import choose_columns, chosen
from workers.pipeline.nested import paths, value_at
from workers.pipeline.phred import Qualities, phred_offset
from workers.pipeline.problems import Fault, ProblemLog, refusal
from workers.pipeline.progress import BadData
from workers.pipeline.ranks import propose_rank
from workers.pipeline.readers.fasta import SEQUENCE
from workers.pipeline.readers.header import check_count
from workers.pipeline.readers.protocol import RawRow, Reader
from workers.pipeline.rows import NestedValue, Normaliser, as_text
from workers.pipeline.sequences import Alphabet, guess_alphabet

SAMPLE_ROWS = 2_000
SAMPLE_CHARACTERS = 16 * 2**20
"""Rows from which columns are proposed: until either is reached."""
_TEXT_COLUMN = {
    DataFormat.TEXT: "text", DataFormat.FASTA: SEQUENCE, DataFormat.FASTQ: SEQUENCE
}  # fmt: skip
"""Formats that leave no choice."""


def plan(
    reader: Reader, kind: DataKind, asked: Columns, wanted: SequenceFilter | None = None
) -> Normaliser:
    """Choose the columns, the alphabet and the scale of qualities.

    Raises BadData where there is no way to read.
    """
    sample = _sample(reader)
    if asked.text is None:
        asked = replace(asked, text=_TEXT_COLUMN.get(reader.format))
    names = _names(reader, sample, asked)
    if kind is not DataKind.SEQUENCE and reader.format not in (DataFormat.FASTA, DataFormat.FASTQ):
        return Normaliser(choose_columns(names, sample, asked))
    rank, reason = propose_rank(sample, asked)
    columns = choose_columns(names, sample, replace(asked, label=rank))
    columns = replace(columns, reasons=columns.reasons + reason)
    signs = [row.quality for row in sample if row.quality]
    qualities = Qualities(phred_offset(signs)) if signs else None
    return Normaliser(columns, _alphabet(sample, columns), wanted or SequenceFilter(), qualities)


def _sample(reader: Reader) -> list[RawRow]:
    """The first good rows. Raises BadData where there is none in the whole file."""
    sample, size, log = [], 0, ProblemLog()
    for found in reader.rows():
        if isinstance(found, Problem):
            log.add(found)
            continue
        sample.append(found)
        size += _size(found.values)
        if len(sample) == SAMPLE_ROWS or size > SAMPLE_CHARACTERS:
            break
    if not sample:
        raise no_rows(log)
    return sample


def _size(values: Mapping[str, object]) -> int:
    """About how many characters it took to write them, lists and objects within them included."""
    waiting: list[object] = [values]
    size = 0
    while waiting:
        value = waiting.pop()
        if isinstance(value, (list, tuple)):
            waiting.extend(value)
        elif isinstance(value, Mapping):
            waiting.extend(value.values())
        size += len(value) if isinstance(value, (str, bytes)) else 1
    return size


def _names(reader: Reader, sample: Sequence[RawRow], asked: Columns) -> tuple[str, ...]:
    """The columns of the file, those within objects last; all rows are looked at before one is
    called missing.

    Raises BadData for too many.
    """
    within = paths(sample)
    names = reader.columns or _names_of(sample)
    if reader.columns or set(chosen(asked)) <= {*names, *within}:
        return _with(names, within)
    rows = chain(sample, (row for row in reader.rows() if isinstance(row, RawRow)))
    return _with(_names_of(rows), within)


def _with(names: Sequence[str], within: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*names, *within)))


def _names_of(rows: Iterable[RawRow]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for row in rows:
        names.update(dict.fromkeys(row.values))
        check_count(names)
    return tuple(names)


def _alphabet(sample: Sequence[RawRow], columns: Columns) -> Alphabet:
    sequences = []
    for row in sample:
        try:
            sequences.append(as_text(value_at(row.values, columns.text or "")))
        except NestedValue:
            continue  # reported with its line when the rows are read
    return guess_alphabet(sequences)


def no_rows(log: ProblemLog) -> BadData:
    """The refusal of a file without one good row."""
    if not log.count:
        return refusal(
            Fault.NO_ROWS,
            "The file holds no rows.",
            "Upload a file with at least one row of data below its header.",
        )
    return refusal(
        Fault.NO_GOOD_ROWS,
        f"No row could be used; {log.count:,} problems were found.",
        "Mend the file as told for each, and upload it again.",
        log,
    )
