"""What can be wrong with a file: stable codes, and how each fault is told to its owner."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from enum import StrEnum

from store.records.dataset import Problem, Rejections
from workers.pipeline.progress import BadData

MAX_VALUE = 200
"""Characters of an offending value that are shown."""
MAX_PROBLEMS = 100
"""Problems that are kept; all of them are counted."""
_UNSHOWABLE = re.compile("[\0\ud800-\udfff]")


class Fault(StrEnum):
    """Machine-readable codes; a code never changes its meaning."""

    # one row, which is left out
    BAD_ENCODING = "BAD_ENCODING"
    NUL_BYTE = "NUL_BYTE"
    FIELD_COUNT = "FIELD_COUNT"
    MIXED_DELIMITERS = "MIXED_DELIMITERS"
    UNCLOSED_QUOTE = "UNCLOSED_QUOTE"
    STRAY_QUOTE = "STRAY_QUOTE"
    REPEATED_HEADER = "REPEATED_HEADER"
    TOO_LONG = "TOO_LONG"
    LABEL_TOO_LONG = "LABEL_TOO_LONG"
    EMPTY_TEXT = "EMPTY_TEXT"
    NESTED_VALUE = "NESTED_VALUE"
    BAD_JSON = "BAD_JSON"
    NOT_AN_OBJECT = "NOT_AN_OBJECT"
    INVALID_LETTERS = "INVALID_LETTERS"
    BAD_RECORD = "BAD_RECORD"
    CUT_RECORD = "CUT_RECORD"
    QUALITY_LENGTH = "QUALITY_LENGTH"
    SEQUENCE_TOO_SHORT = "SEQUENCE_TOO_SHORT"
    SEQUENCE_TOO_LONG = "SEQUENCE_TOO_LONG"
    TOO_AMBIGUOUS = "TOO_AMBIGUOUS"
    EXPECTED_ERRORS = "EXPECTED_ERRORS"
    # one line of a list of edits, none of which is applied then
    BAD_EDIT = "BAD_EDIT"
    UNKNOWN_ROW = "UNKNOWN_ROW"
    # the file, from a line on
    DAMAGED_FILE = "DAMAGED_FILE"
    # the labels; nothing is left out
    LABELS_DIFFER_IN_CASE = "LABELS_DIFFER_IN_CASE"
    SEVERAL_LABELS = "SEVERAL_LABELS"
    # the texts; nothing is left out
    SEQUENCES_AS_TEXT = "SEQUENCES_AS_TEXT"
    # the whole file, which is refused
    EMPTY_FILE = "EMPTY_FILE"
    NO_ROWS = "NO_ROWS"
    NO_GOOD_ROWS = "NO_GOOD_ROWS"
    UNKNOWN_COLUMN = "UNKNOWN_COLUMN"
    SAME_COLUMN = "SAME_COLUMN"
    NO_TEXT_COLUMN = "NO_TEXT_COLUMN"
    JSON_NOT_LINES = "JSON_NOT_LINES"
    WRONG_FORMAT = "WRONG_FORMAT"
    EXPANDS_TOO_FAR = "EXPANDS_TOO_FAR"
    TOO_MANY_COLUMNS = "TOO_MANY_COLUMNS"


NOT_A_ROW = frozenset(
    {
        Fault.DAMAGED_FILE, Fault.LABELS_DIFFER_IN_CASE, Fault.SEVERAL_LABELS,
        Fault.SEQUENCES_AS_TEXT,
    }
)  # fmt: skip
"""Faults that cost no row of their own."""


def problem(
    fault: Fault,
    reason: str,
    fix: str,
    *,
    line: int | None = None,
    column: str | None = None,
    value: str | None = None,
) -> Problem:
    """A Problem whose value can be shown, stored and sent."""
    shown = None if value is None else showable(value)
    return Problem(fault.value, reason, fix, line, column, shown)


def showable(value: str) -> str:
    """At most MAX_VALUE characters of `value`, with undecodable bytes and NULs as `\\xff`."""
    text = _UNSHOWABLE.sub(lambda mark: f"\\x{ord(mark[0]) & 0xFF:02x}", value[: MAX_VALUE + 1])
    return text if len(text) <= MAX_VALUE else text[: MAX_VALUE - 1] + "…"


def refusal(
    fault: Fault, reason: str, fix: str, others: Iterable[Problem] = (), value: str | None = None
) -> BadData:
    """The exception for a file that cannot be used, its own problem first."""
    problems = (problem(fault, reason, fix, value=value), *others)
    return BadData(fault.value, f"{reason} {fix}", problems[:MAX_PROBLEMS])


class ProblemLog:
    """Counts every problem and keeps the first ones."""

    def __init__(self) -> None:
        self._kept: list[Problem] = []
        self._rejected: Counter[str] = Counter()
        self.count = 0

    def add(self, found: Problem) -> None:
        self.count += 1
        if found.code not in NOT_A_ROW:
            self._rejected[found.code] += 1
        if len(self._kept) < MAX_PROBLEMS:
            self._kept.append(found)

    @property
    def rejected_rows(self) -> int:
        return self._rejected.total()

    @property
    def empty_rows(self) -> int:
        return self._rejected[Fault.EMPTY_TEXT]

    @property
    def rejections(self) -> tuple[Rejections, ...]:
        """By reason, the most frequent first."""
        return tuple(Rejections(code, rows) for code, rows in self._rejected.most_common())

    def add_first(self, found: Problem) -> None:
        """One about the whole file: it comes before those about rows."""
        self.count += 1
        self._kept.insert(0, found)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._kept[:MAX_PROBLEMS])
