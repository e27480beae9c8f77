"""CSV and its relatives: any delimiter, any line ends, with or without a header."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from store.records.dataset import DataFormat, Problem
from workers.pipeline.problems import Fault, problem
from workers.pipeline.readers.dialect import find_layout, layout_by, sep_line
from workers.pipeline.readers.header import check_count, is_header, unique_names
from workers.pipeline.readers.lines import Lines
from workers.pipeline.readers.mixed import Rivals, find_rivals
from workers.pipeline.readers.protocol import Found, RawRow
from workers.pipeline.readers.records import Dialect, Record, Records
from workers.pipeline.readers.source import Source
from workers.pipeline.readers.survey import Survey

SAMPLE_LINES = 2_000
SAMPLE_CHARACTERS = 2**20


@dataclass(frozen=True, slots=True)
class CsvReader:
    """A delimited file whose layout is known."""

    source: Source
    survey: Survey
    dialect: Dialect
    has_header: bool
    columns: tuple[str, ...]
    skipped: int
    """Lines before the header or first row: 1 where there is a `sep=` line."""
    rivals: Rivals
    format: DataFormat = DataFormat.CSV

    @property
    def encoding(self) -> str:
        return self.survey.encoding

    @property
    def delimiter(self) -> str | None:
        return self.dialect.delimiter

    @property
    def total(self) -> int:
        return max(self.survey.lines - self.has_header - self.skipped, 1)

    def rows(self, only: Collection[str] = ()) -> Iterator[Found]:
        lines = Lines(self.source, self.survey)
        records = Records(islice(lines, self.skipped, None), self.dialect, self.skipped + 1)
        header: list[str] | None = None
        for found in records:
            if isinstance(found, Problem):
                yield found
            elif self.has_header and header is None and len(found.fields) == len(self.columns):
                header = found.fields
            elif found.fields == header:
                yield _repeated_header(found, records.raw)
            else:
                yield self._row(found, records.raw)
        if lines.damage:
            yield lines.damage

    def _row(self, record: Record, raw: str) -> Found:
        fields, names = record.fields, self.columns
        if len(fields) > len(names) and not any(fields[len(names) :]):
            fields = fields[: len(names)]  # a delimiter too many at the end holds nothing
        if len(fields) == len(names):
            if self.rivals.claim(fields, raw):
                return _mixed_delimiters(record, raw)
            return RawRow(record.line, dict(zip(names, fields, strict=True)))
        missing = names[len(fields)] if len(fields) < len(names) else f"column_{len(names) + 1}"
        return problem(
            Fault.FIELD_COUNT,
            f"The row has {len(fields)} fields and the file {len(names)} columns.",
            f"Check the delimiter ({self.delimiter!r}) and quote fields that hold it.",
            line=record.line,
            column=missing,
            value=raw.rstrip("\r\n"),
        )


def _mixed_delimiters(record: Record, raw: str) -> Problem:
    return problem(
        Fault.MIXED_DELIMITERS,
        "Another delimiter than the file's seems to part this row.",
        "Use one delimiter throughout, and quote fields that hold it.",
        line=record.line,
        value=raw.rstrip("\r\n"),
    )


def _repeated_header(record: Record, raw: str) -> Problem:
    return problem(
        Fault.REPEATED_HEADER,
        "The header stands here once more.",
        "Remove the line; files that are joined keep only the first header.",
        line=record.line,
        value=raw.rstrip("\r\n"),
    )


def open_csv(
    source: Source, survey: Survey, asked: Collection[str], prefer: str | None = None,
    chosen: str | None = None,
) -> CsvReader:  # fmt: skip
    """Find out the layout, by the delimiter that was `chosen` if one was.

    `asked` are column names that the caller expects to be there. Raises BadData for too many.
    """
    lines = sample(source, survey)
    announced = sep_line(lines[0]) if lines else None
    certain = chosen or announced
    body = lines[1:] if announced else lines
    found = layout_by(body, certain) if certain else find_layout(body, prefer)
    check_count(found.first)
    headed = bool(found.rows) and is_header(found.first, found.rows[1:], asked)
    names = unique_names(found.first if headed else [""] * len(found.first))
    rivals = find_rivals(found.dialect.delimiter, found.rows[headed:], len(names))
    return CsvReader(source, survey, found.dialect, headed, names, int(bool(announced)), rivals)


def sample(source: Source, survey: Survey) -> list[str]:
    """The first lines: at most SAMPLE_LINES, of about SAMPLE_CHARACTERS in all."""
    lines, size = [], 0
    for line in islice(Lines(source, survey), SAMPLE_LINES):
        lines.append(line)
        size += len(line)
        if size > SAMPLE_CHARACTERS:
            break
    return lines
