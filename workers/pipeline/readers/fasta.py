"""FASTA: a header line `>id key=value; ...`, then the sequence over any number of lines."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from store.records.dataset import DataFormat
from workers.pipeline.problems import Fault, problem
from workers.pipeline.readers.headers import header_values, name_of
from workers.pipeline.readers.line_reader import LineReader
from workers.pipeline.readers.lines import Lines, too_long
from workers.pipeline.readers.protocol import MAX_ROW, Found, RawRow

SEQUENCE = "sequence"
"""The column that holds the sequence."""


@dataclass(frozen=True, slots=True)
class FastaReader(LineReader):
    """The columns are `sequence` and the keys that the headers bring; the header names the row."""

    format: DataFormat = DataFormat.FASTA

    @property
    def total(self) -> int:
        return max(self.survey.sequences, 1)

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        lines = Lines(self.source, self.survey)
        record: _Record | None = None
        told = False  # one report is enough for all lines before the first header
        for line in map(str.strip, lines):
            if line.startswith(">"):
                if record:
                    yield record.found()
                record = _Record(lines.number, line)
            elif not line or line.startswith(";"):
                continue  # blank, or an old-style comment
            elif record:
                record.add(line)
            elif not told:
                yield _headless(lines.number, line)
                told = True
        if lines.damage:
            yield lines.damage  # the last sequence may go on in what is lost
        elif record:
            yield record.found()


class _Record:
    """A sequence that is being read."""

    def __init__(self, line: int, header: str) -> None:
        self._line, self._header = line, header
        self._parts: list[str] = []
        self._size = 0

    def add(self, part: str) -> None:
        self._size += len(part)
        if self._size <= MAX_ROW:
            self._parts.append(part)

    def found(self) -> Found:
        if self._size > MAX_ROW:
            return too_long(self._line, self._header)
        values = header_values(self._header) | {SEQUENCE: "".join(self._parts)}
        return RawRow(self._line, values, name_of(self._header))


def _headless(line: int, value: str) -> Found:
    return problem(
        Fault.BAD_RECORD,
        "The sequence has no header.",
        "Begin each record with a line such as `>id genus=Pseudomonas`.",
        line=line,
        value=value,
    )
