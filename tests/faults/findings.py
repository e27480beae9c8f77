"""What a round may find wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    LOST = "lost"
    """A job, an event, an answer or a file that was promised is not there."""
    DOUBLED = "doubled"
    """One of them is there twice."""
    WRONG = "wrong"
    """It is there and says something that is not so."""
    LATE = "late"
    """It went on, but not in time."""
    LEFT = "left behind"
    """A process, a lease or a folder that nobody needs any more."""


@dataclass(frozen=True)
class Finding:
    kind: Kind
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.what}"


def lost(what: str) -> Finding:
    return Finding(Kind.LOST, what)


def doubled(what: str) -> Finding:
    return Finding(Kind.DOUBLED, what)


def wrong(what: str) -> Finding:
    return Finding(Kind.WRONG, what)


def late(what: str) -> Finding:
    return Finding(Kind.LATE, what)


def left(what: str) -> Finding:
    return Finding(Kind.LEFT, what)
