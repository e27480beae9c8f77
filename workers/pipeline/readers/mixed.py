"""Rows that another delimiter would split as well: files joined from two programs have them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from workers.pipeline.readers.dialect import DELIMITERS


@dataclass(frozen=True, slots=True)
class Rivals:
    """The delimiters that are not the file's, and the values that repeat in each of its columns."""

    delimiters: tuple[str, ...]
    repeating: tuple[frozenset[str], ...]

    def claim(self, fields: Sequence[str], raw: str) -> bool:
        """Whether a rival gives a column one of its repeating values, and the delimiter none.

        In `I lost it, help;lost_card` the comma gives two fields too, but `lost_card` is a label.
        """
        if self._fit(fields):
            return False
        return any(
            raw.count(delimiter) == len(fields) - 1 and self._fit(raw.split(delimiter))
            for delimiter in self.delimiters
        )

    def _fit(self, fields: Sequence[str]) -> bool:
        return any(map(_holds, self.repeating, fields))


def _holds(values: frozenset[str], field: str) -> bool:
    return field.strip(' "\r\n') in values


def find_rivals(delimiter: str | None, body: Sequence[Sequence[str]], width: int) -> Rivals:
    """From a sample of rows; those of another width do not count."""
    if delimiter is None:
        return Rivals((), ())
    columns = zip(*(fields for fields in body if len(fields) == width), strict=True)
    counts = [Counter(value.strip() for value in column) for column in columns]
    repeating = [frozenset(v for v, times in each.items() if v and times > 1) for each in counts]
    return Rivals(tuple(d for d in DELIMITERS if d != delimiter), tuple(repeating))
