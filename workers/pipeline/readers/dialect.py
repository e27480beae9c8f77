"""Which delimiter and quoting a delimited file uses, told from its first lines."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from store.records.dataset import Problem
from workers.pipeline.problems import Fault
from workers.pipeline.readers.header import hold_known_name, look_like_names
from workers.pipeline.readers.records import Dialect, Quoting, Records

DELIMITERS = (",", "\t", ";", "|")
"""In the order in which equal evidence is settled."""
_SEP_LINE = re.compile(r'"?sep=([^\r\n])"?[\r\n]*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Fit:
    """How well a dialect reads the sample."""

    dialect: Dialect
    first: tuple[str, ...] = ()
    records: int = 0
    alike: int = 0
    """Records with as many fields as the first."""
    broken: int = 0
    stray: int = 0
    """Broken by text behind a closing quote: the file may not mean its quotes as quotes."""
    quoted: int = 0
    """Records with a field that is rightly quoted."""

    @property
    def share(self) -> float:
        return self.alike / max(self.records + self.broken, 1)

    @property
    def believable(self) -> bool:
        if len(self.first) < 2:
            return False
        if look_like_names(self.first):
            return hold_known_name(self.first) or self.share >= 0.3
        return self.share >= 0.8


def sep_line(first_line: str) -> str | None:
    """The delimiter that Excel's first line `sep=;` announces."""
    found = _SEP_LINE.fullmatch(first_line)
    return found[1] if found else None


def find_dialect(lines: list[str], prefer: str | None = None) -> Dialect:
    """The dialect of a sample of whole lines; `prefer` settles equal evidence."""
    order = sorted(DELIMITERS, key=lambda delimiter: delimiter != prefer)
    fits = [fit for fit in (_best_quoting(lines, each) for each in order) if fit.believable]
    if not fits:
        return _best_quoting(lines, None).dialect
    return max(fits, key=lambda fit: (fit.share, hold_known_name(fit.first))).dialect


def with_delimiter(lines: list[str], delimiter: str) -> Dialect:
    """The quoting for a delimiter that is known."""
    return _best_quoting(lines, delimiter).dialect


def _best_quoting(lines: list[str], delimiter: str | None) -> _Fit:
    doubled = _fit(lines, Dialect(delimiter))
    if not doubled.stray:
        return doubled
    if any('\\"' in line for line in lines):
        backslash = _fit(lines, Dialect(delimiter, Quoting.BACKSLASH))
        if backslash.broken < doubled.broken:
            return backslash
    if doubled.stray > max(1, doubled.quoted):
        return _fit(lines, Dialect(delimiter, Quoting.NONE))
    return doubled


def _fit(lines: Iterable[str], dialect: Dialect) -> _Fit:
    records = Records(lines, dialect)
    opening = re.compile(rf'(?:^|{re.escape(dialect.delimiter or "^")})\s*"')
    first: tuple[str, ...] = ()
    count = alike = broken = stray = quoted = 0
    for found in records:
        if isinstance(found, Problem):
            broken += 1
            stray += found.code == Fault.STRAY_QUOTE
            continue
        first = first or tuple(found.fields)
        count += 1
        alike += len(found.fields) == len(first)
        quoted += bool(opening.search(records.raw))
    return _Fit(dialect, first, count, alike, broken, stray, quoted)
