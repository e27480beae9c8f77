"""Files that could not be read, and how else they might be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

from store.datasets.encodings import ENCODINGS
from store.diagnosis.case import Case
from store.diagnosis.findings import Diagnosis, Fix
from store.diagnosis.fixing import asked, columns_of, reading
from store.diagnosis.guessing import guesses
from store.diagnosis.memory import as_plain_text
from store.records.dataset import Columns, DataFormat

DELIMITERS = {
    "\t": "tabs", ";": "semicolons", "|": "bars", ",": "commas", "^": "carets", "~": "tildes",
    ":": "colons",
}  # fmt: skip
LAYOUT = ("FIELD_COUNT", "MIXED_DELIMITERS", "UNCLOSED_QUOTE", "STRAY_QUOTE")
"""Faults of rows that another delimiter may end."""
NOT_JSON = ("BAD_JSON", "NOT_AN_OBJECT")
MAX_PREVIEW = 60
QUOTED = re.compile(r"'((?:[^'\\]|\\.)*)'")

Fixes = Callable[[Case], Iterable[Fix]]


def no_good_rows(case: Case) -> Diagnosis:
    """Each row has its fault; the fault of most names the cause."""
    found = Counter(each.code for each in case.problems[1:])
    worst = found.most_common(1)[0][0] if found else ""
    told = next((each.reason for each in case.problems[1:] if each.code == worst), "")
    cause = "No row of the file could be used." + (f" Most often: {told}" if told else "")
    shares = [f"{count:,} of the problems kept are {code}." for code, count in found.most_common(3)]
    fixes = [
        *_zeros(case, found), *encodings(case), *_format_found(case), *_layouts(case, found),
        *_columns(case), *_plain(case, found),
    ]  # fmt: skip
    return Diagnosis(cause, (case.said(), *shares), case.concerned(), tuple(fixes))


def wrong_columns(case: Case) -> Diagnosis:
    """UNKNOWN_COLUMN, SAME_COLUMN, NO_TEXT_COLUMN."""
    cause = "The columns that were asked for are not those of the file."
    if case.failure.code == "NO_TEXT_COLUMN":
        cause = "No column of the file holds text."
    fixes = [
        *_near_columns(case, _names(case)), *encodings(case),
        *_delimiter_in(case, _headers(case)),
        *_columns(case),
    ]  # fmt: skip
    return Diagnosis(cause, (case.said(),), fixes=(*fixes, *as_plain_text(case)))


def wrong_format(case: Case) -> Diagnosis:
    """WRONG_FORMAT, JSON_NOT_LINES: what was chosen may be the mistake."""
    cause = "The file is not of a format that can be read, or not of the one that was chosen."
    return Diagnosis(cause, (case.said(),), fixes=_format_found(case))


def nothing_in_it(case: Case) -> Diagnosis:
    """EMPTY_FILE, NO_ROWS, EXPANDS_TOO_FAR, TOO_MANY_COLUMNS: only another file helps."""
    cause = "There is nothing in the file to work with; upload another one."
    return Diagnosis(cause, (case.said(),), fixes=_columns(case))


def encodings(case: Case) -> Iterable[Fix]:
    """The file read in each encoding that makes words of its bytes."""
    shown = [each.value for each in case.problems if each.value]
    for guess in guesses((*shown, *_names(case))):
        yield _encoded(case, guess.encoding, guess.preview)


def _zeros(case: Case, found: Counter[str]) -> Iterable[Fix]:
    """Zero bytes in most rows are half of two-byte letters."""
    if found["NUL_BYTE"] * 2 > found.total():
        yield _encoded(case, "utf-16-le", "")


def _format_found(case: Case) -> tuple[Fix, ...]:
    if asked(case).format is None:
        return ()
    label = "Read the file again in whichever format it has"
    return (reading(case, "format-found", label, format=None),)


def _encoded(case: Case, encoding: str, preview: str) -> Fix:
    shown = preview if len(preview) <= MAX_PREVIEW else preview[: MAX_PREVIEW - 1] + "…"
    label = f"Read the file again as {encoding} ({ENCODINGS[encoding]})"
    label = f"{label}: “{shown}”" if shown else label
    return reading(case, f"encoding-{encoding}", label, encoding=encoding)


def _layouts(case: Case, found: Counter[str]) -> Iterable[Fix]:
    lines = [each.value for each in case.problems if each.code in LAYOUT and each.value]
    if sum(found[code] for code in LAYOUT) * 2 <= found.total() or len(lines) < 2:
        return
    for delimiter in _even(lines):
        if delimiter != asked(case).delimiter:
            yield _delimited(case, delimiter)


def _even(lines: Sequence[str]) -> list[str]:
    """The delimiters that nearly all lines have equally often."""
    even = []
    for delimiter in DELIMITERS:
        often, lines_so = Counter(line.count(delimiter) for line in lines).most_common(1)[0]
        if often and lines_so >= 0.9 * len(lines):
            even.append(delimiter)
    return even


def _delimited(case: Case, delimiter: str) -> Fix:
    name = DELIMITERS[delimiter]
    label = f"Read the file again as values between {name}"
    return reading(case, f"delimiter-{name}", label, format=DataFormat.CSV, delimiter=delimiter)


def _plain(case: Case, found: Counter[str]) -> Iterable[Fix]:
    """A row a line, for what is no table and no JSON."""
    if sum(found[code] for code in (*LAYOUT, *NOT_JSON)) * 2 > found.total():
        yield from as_plain_text(case)


# -- columns --------------------------------------------------------------------------------------


def _columns(case: Case) -> tuple[Fix, ...]:
    if replace(columns_of(case), reasons=()) == Columns():
        return ()
    label = "Read the file again, the columns to be found out"
    return (reading(case, "columns-found", label, columns=Columns()),)


def _names(case: Case) -> list[str]:
    """The columns of the file, as the refusal lists them."""
    names = QUOTED.findall(case.problems[0].fix) if case.problems else []
    return [name.replace("\\\\", "\\").replace("\\t", "\t") for name in names]


def _headers(case: Case) -> list[str]:
    """Where names may stand that were not cut, or not taken for names: the first row as well."""
    first = [each.value for each in case.problems[:1] if each.value]
    return [*_names(case), *first]


def _near_columns(case: Case, names: Sequence[str]) -> Iterable[Fix]:
    """The columns that were asked for, each by the name in the file that comes closest."""
    wanted, by_fold = columns_of(case), {name.casefold().strip(): name for name in names}

    def nearest(name: str | None) -> str | None:
        close = get_close_matches((name or "").casefold().strip(), by_fold, 1)
        return by_fold[close[0]] if close else name

    found = Columns(nearest(wanted.text), nearest(wanted.label), nearest(wanted.split))
    near = _chosen(found)
    is_there = set(near) <= set(names) and len(set(near)) == len(near)
    if is_there and found != replace(wanted, reasons=()):
        told = ", ".join(repr(name) for name in near)
        yield reading(case, "columns-near", f"Read the columns {told} instead", columns=found)


def _delimiter_in(case: Case, headers: Sequence[str]) -> Iterable[Fix]:
    """One column whose name holds all that was asked for was not cut where it should be."""
    wanted = set(_chosen(columns_of(case)))
    for delimiter in DELIMITERS:
        if wanted and any(wanted <= set(each.split(delimiter)) for each in headers):
            yield _delimited(case, delimiter)


def _chosen(columns: Columns) -> tuple[str, ...]:
    names = (columns.text, columns.label, columns.split)
    return tuple(name for name in names if name is not None)
