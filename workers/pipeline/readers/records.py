"""Delimited records from lines: quoting, line numbers, and recovery from a broken quote.

A quote that is never closed would swallow the rest of the file. Strict parsing notices it (at the
next quote, at the end of the file, or after MAX_ROW characters); then only the line on which the
record began is given up, and reading goes on with the line after it.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from store.records.dataset import Problem
from workers.pipeline.problems import Fault, problem
from workers.pipeline.readers.lines import too_long
from workers.pipeline.readers.protocol import MAX_ROW

csv.field_size_limit(2 * MAX_ROW)  # of the process; ours is checked per record, below
_NO_DELIMITER = "\x1f"
"""Stands for the delimiter where there is one column; it is no part of any text."""


class Quoting(StrEnum):
    DOUBLED = "DOUBLED"
    """RFC 4180: a quote within a quoted field is written twice."""
    BACKSLASH = "BACKSLASH"
    NONE = "NONE"


@dataclass(frozen=True, slots=True)
class Dialect:
    """`delimiter` is None where each line is one field."""

    delimiter: str | None
    quoting: Quoting = Quoting.DOUBLED

    def parser(self, lines: Iterable[str]) -> Iterator[list[str]]:
        options: dict[str, Any] = {
            "delimiter": self.delimiter or _NO_DELIMITER,
            "quoting": csv.QUOTE_NONE if self.quoting is Quoting.NONE else csv.QUOTE_MINIMAL,
            "escapechar": "\\" if self.quoting is Quoting.BACKSLASH else None,
        }
        return csv.reader(lines, strict=True, skipinitialspace=True, **options)


class Record(NamedTuple):
    line: int
    fields: list[str]


class _RecordTooLong(Exception):
    """A record passed MAX_ROW."""


class _Feed:
    """Lines for the parser, remembered so that those after a broken one can be given again."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._again: deque[str] = deque()
        self._size = 0
        self.taken: list[str] = []

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._lines)
        self.taken.append(line)
        self._size += len(line)
        if self._size > MAX_ROW:
            raise _RecordTooLong
        return line

    def begin(self) -> None:
        self.taken.clear()
        self._size = 0

    def give_back(self) -> None:
        """All lines of the record at hand but its first."""
        self._again.extendleft(reversed(self.taken[1:]))


class Records:
    """Iterates once over the records of `lines`; rows without any value are passed over."""

    def __init__(self, lines: Iterable[str], dialect: Dialect, first_line: int = 1) -> None:
        self._feed = _Feed(lines)
        self._parser = dialect.parser(self._feed)
        self._line = first_line

    @property
    def raw(self) -> str:
        """The record given last, as the file has it."""
        return "".join(self._feed.taken)

    def __iter__(self) -> Iterator[Record | Problem]:
        feed = self._feed
        while True:
            feed.begin()
            try:
                fields = next(self._parser)
            except StopIteration:
                return
            except (csv.Error, _RecordTooLong) as error:
                yield self._broken(error)
                feed.give_back()
                self._line += 1
                continue
            if any(map(str.strip, fields)):
                yield Record(self._line, fields)
            self._line += len(feed.taken)

    def _broken(self, error: Exception) -> Problem:
        first, span = self._feed.taken[0], len(self._feed.taken)
        if span == 1 and isinstance(error, _RecordTooLong):
            return too_long(self._line, first)
        if span > 1 or "end of data" in str(error):
            return problem(
                Fault.UNCLOSED_QUOTE,
                f"A quote opens here and is not rightly closed; {span - 1} more lines were tried.",
                "Close the quote, and write a quote within a quoted field twice.",
                line=self._line,
                value=first,
            )
        return problem(
            Fault.STRAY_QUOTE,
            "Text follows a closing quote.",
            "Quote the whole field, and write a quote within it twice.",
            line=self._line,
            value=first,
        )
