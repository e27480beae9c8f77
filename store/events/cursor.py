"""A place in the order of all events: the id that Redis gave to a stream's entry."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from store.errors import BadCursor

SHAPE = re.compile(r"(\d{1,20})-(\d{1,20})", re.ASCII)
LIMIT = 2**64


class Cursor(NamedTuple):
    """Milliseconds since 1970 and a number within the millisecond; compares by time."""

    ms: int
    seq: int

    @staticmethod
    def parse(text: str) -> Cursor:
        """Raises BadCursor."""
        return _parse(text)

    def __str__(self) -> str:
        return f"{self.ms}-{self.seq}"

    @property
    def before(self) -> Cursor:
        """The place right before, where an entry may have been; START has none."""
        if self == START:
            return self
        return Cursor(self.ms, self.seq - 1) if self.seq else Cursor(self.ms - 1, LIMIT - 1)

    @property
    def behind(self) -> Cursor:
        """The place right after."""
        return Cursor(self.ms, self.seq + 1) if self.seq + 1 < LIMIT else Cursor(self.ms + 1, 0)


@lru_cache(maxsize=1_000)  # a thousand followers ask about the same event
def _parse(text: str) -> Cursor:
    match = SHAPE.fullmatch(text)
    if match is None or int(match[1]) >= LIMIT or int(match[2]) >= LIMIT:
        raise BadCursor(f"not a cursor of events: {text[:50]!r}")
    return Cursor(int(match[1]), int(match[2]))


START = Cursor(0, 0)
"""Before every event."""
