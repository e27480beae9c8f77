"""Which delimiter and quoting a delimited file uses, told from its first lines."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import partial

from store.records.dataset import Problem
from workers.pipeline.problems import Fault
from workers.pipeline.readers.header import MAX_COLUMNS, hold_known_name, look_like_names
from workers.pipeline.readers.records import Dialect, Quoting, Records

DELIMITERS = ("\t", "|", ";", ",")
"""In the order in which equal evidence is settled: what is rarest in prose comes first."""
USUAL = 0.75
"""Share of records that must be of one width where no header speaks for it."""
_SEP_LINE = re.compile(r'"?sep=([^\r\n])"?[\r\n]*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Layout:
    """A dialect, and what it makes of the sample."""

    dialect: Dialect
    rows: list[list[str]]
    """The records from the first one of the usual width on."""
    share: float = 0.0
    """Of the records, those of the usual width."""
    broken: int = 0
    stray: int = 0
    """Broken by text behind a closing quote: the file may not mean its quotes as quotes."""
    quoted: int = 0
    """Records with a field that is rightly quoted."""

    @property
    def first(self) -> list[str]:
        return self.rows[0] if self.rows else []

    @property
    def believable(self) -> bool:
        if len(self.first) < 2:
            return False
        if look_like_names(self.first):
            return hold_known_name(self.first) or self.share >= 0.3
        return self.share >= USUAL


def sep_line(first_line: str) -> str | None:
    """The delimiter that Excel's first line `sep=;` announces."""
    found = _SEP_LINE.fullmatch(first_line)
    return found[1] if found else None


def find_layout(lines: list[str], prefer: str | None = None) -> Layout:
    """The layout of a sample of whole lines; `prefer` settles equal evidence."""
    order = sorted(DELIMITERS, key=lambda delimiter: delimiter != prefer)
    layouts = [found for found in map(partial(layout_by, lines), order) if found.believable]
    if not layouts:
        return layout_by(lines, None)
    return max(layouts, key=lambda found: (found.share, hold_known_name(found.first)))


def layout_by(lines: list[str], delimiter: str | None) -> Layout:
    """The layout by one delimiter, with the quoting that breaks least."""
    doubled = _layout(lines, Dialect(delimiter))
    if not doubled.stray:
        return doubled
    if any('\\"' in line for line in lines):
        backslash = _layout(lines, Dialect(delimiter, Quoting.BACKSLASH))
        if backslash.broken < doubled.broken:
            return backslash
    if doubled.stray > max(1, doubled.quoted):
        return _layout(lines, Dialect(delimiter, Quoting.NONE))
    return doubled


def _layout(lines: list[str], dialect: Dialect) -> Layout:
    records = Records(lines, dialect)
    opening = re.compile(rf'(?:^|{re.escape(dialect.delimiter or "^")})\s*"')
    rows: list[list[str]] = []
    broken = stray = quoted = 0
    for found in records:
        if isinstance(found, Problem):
            broken += 1
            stray += found.code == Fault.STRAY_QUOTE
        else:
            rows.append(found.fields[: MAX_COLUMNS + 1])  # one too many is as good as a million
            quoted += bool(opening.search(records.raw))
    widths = Counter(map(len, rows))
    width = _usual_width(rows, widths)
    before = next((at for at, row in enumerate(rows) if len(row) == width), 0)
    share = widths[width] / max(len(rows) + broken, 1)
    return Layout(dialect, rows[before:], share, broken, stray, quoted)


def _usual_width(rows: list[list[str]], widths: Counter[int]) -> int:
    """That of the first record, unless it is a title line above a table of another width."""
    if not rows:
        return 0
    if look_like_names(rows[0]) and hold_known_name(rows[0]):
        return len(rows[0])
    width, count = widths.most_common(1)[0]
    return width if count >= USUAL * len(rows) else len(rows[0])
