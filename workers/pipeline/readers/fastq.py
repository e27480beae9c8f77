"""FASTQ: `@id`, the sequence, `+`, one quality character a letter; lines may be wrapped."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain

from store.records.dataset import DataFormat, Problem
from workers.pipeline.problems import Fault, problem
from workers.pipeline.readers.fasta import SEQUENCE
from workers.pipeline.readers.headers import header_values, name_of
from workers.pipeline.readers.line_reader import LineReader
from workers.pipeline.readers.lines import Lines
from workers.pipeline.readers.protocol import MAX_ROW, Found, RawRow


@dataclass(frozen=True, slots=True)
class FastqReader(LineReader):
    """The columns are `sequence` and the keys that the headers bring; the header names the row."""

    format: DataFormat = DataFormat.FASTQ

    @property
    def total(self) -> int:
        return max(self.survey.lines // 4, 1)

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        lines = Lines(self.source, self.survey)
        scan = _Scan(lines)
        while scan.skip_blank():
            yield scan.record() if scan.line.startswith("@") else scan.stray()
        if lines.damage:
            yield lines.damage


class _Scan:
    """The lines with one of them in view; None is the end."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._rest: Iterator[str | None] = chain(map(str.strip, lines), (None,))
        self._line: str | None = next(self._rest)

    @property
    def line(self) -> str:
        return self._line or ""

    @property
    def number(self) -> int:
        return self._lines.number

    def skip_blank(self) -> bool:
        """Go to the next line that holds something; false at the end."""
        while self._line == "":
            self._advance()
        return self._line is not None

    def record(self) -> Found:
        begin, header = self.number, self.line
        self._advance()
        sequence = self._take_sequence()
        if not self.line.startswith("+"):
            return self._cut(begin, header, "has no `+` line")
        self._advance()
        quality = self._take_quality(len(sequence))
        if len(quality) < len(sequence) and self._line is None:
            return self._cut(begin, header, "ends before its quality does")
        if len(quality) != len(sequence):
            return _quality_length(begin, header, len(sequence), len(quality))
        values = header_values(header) | {SEQUENCE: sequence}
        return RawRow(begin, values, name_of(header), quality)

    def stray(self) -> Problem:
        """Pass over lines that begin no record."""
        begin, value = self.number, self.line
        while self._line is not None and not self.line.startswith("@"):
            self._advance()
        return problem(
            Fault.BAD_RECORD,
            "The line begins no record.",
            "Begin each record with a line such as `@id`.",
            line=begin,
            value=value,
        )

    def _advance(self) -> None:
        self._line = next(self._rest, None)

    def _take_sequence(self) -> str:
        parts, size = [], 0
        while self._line is not None and size <= MAX_ROW and not self._line.startswith(("+", "@")):
            parts.append(self._line)
            size += len(self._line)
            self._advance()
        return "".join(parts)

    def _take_quality(self, length: int) -> str:
        """The first line always, for it may begin with `@`; more while letters lack theirs."""
        quality = self.line
        self._advance()
        while len(quality) < length and self._line is not None and not self._line.startswith("@"):
            quality += self._line
            self._advance()
        return quality

    def _cut(self, line: int, header: str, how: str) -> Problem:
        return problem(
            Fault.CUT_RECORD,
            f"The record {how}.",
            "Complete the record or remove it; the file may have been cut in transfer.",
            line=line,
            value=header,
        )


def _quality_length(line: int, header: str, letters: int, qualities: int) -> Problem:
    return problem(
        Fault.QUALITY_LENGTH,
        f"The record has {letters} letters and {qualities} quality characters.",
        "Give one quality character for each letter.",
        line=line,
        value=header,
    )
