"""A place in the order of all events: the id that Redis gave to a stream's entry."""

from __future__ import annotations

import re
from typing import NamedTuple

from store.errors import BadCursor

SHAPE = re.compile(r"(\d{1,20})-(\d{1,20})", re.ASCII)
LIMIT = 2**64


class Cursor(NamedTuple):
    """Milliseconds since 1970 and a number within the millisecond; compares by time."""

    ms: int
    seq: int

    @classmethod
    def parse(cls, text: str) -> Cursor:
        """Raises BadCursor."""
        match = SHAPE.fullmatch(text)
        if match is None or int(match[1]) >= LIMIT or int(match[2]) >= LIMIT:
            raise BadCursor(f"not a cursor of events: {text[:50]!r}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.ms}-{self.seq}"


START = Cursor(0, 0)
"""Before every event."""
