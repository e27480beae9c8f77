"""Rows of a version, and what became of them from one version to another."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Which rows are wanted; what is None does not matter."""

    label: str | None = None
    """Empty wants rows without a label."""
    split: str | None = None
    contains: str | None = None
    """In the text, in upper or lower case."""
    numbers: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class VersionRow:
    row: int
    text: str
    label: str | None
    split: str | None
    is_cut: bool = False
    """The text is longer than what is shown."""


@dataclass(frozen=True, slots=True)
class RowPage:
    rows: tuple[VersionRow, ...]
    has_next: bool


class ChangeKind(StrEnum):
    ADDED = "ADDED"
    DROPPED = "DROPPED"
    RELABELLED = "RELABELLED"
    REWORDED = "REWORDED"


@dataclass(frozen=True, slots=True)
class RowChange:
    row: int
    kinds: tuple[ChangeKind, ...]
    before: VersionRow | None
    after: VersionRow | None


@dataclass(frozen=True, slots=True)
class ChangeCounts:
    """In rows; one that is relabelled and reworded is in both counts, and once in `rows`."""

    rows: int
    added: int
    dropped: int
    relabelled: int
    reworded: int


@dataclass(frozen=True, slots=True)
class ChangePage:
    counts: ChangeCounts
    changes: tuple[RowChange, ...]
    has_next: bool
