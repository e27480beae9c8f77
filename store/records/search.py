"""What is looked for among the rows of a version, and what was found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SearchMode(StrEnum):
    SEMANTIC = "SEMANTIC"
    KEYWORD = "KEYWORD"
    HYBRID = "HYBRID"


@dataclass(frozen=True, slots=True)
class RowFilter:
    """Rows that may be found; what is None does not matter."""

    labels: tuple[str, ...] | None = None
    """With any of these labels."""
    splits: tuple[str, ...] | None = None
    unlabelled: bool | None = None
    """True for rows without a label, false for those with one."""


@dataclass(frozen=True, slots=True)
class Query:
    """The same for all texts that are looked for together."""

    mode: SearchMode = SearchMode.HYBRID
    first: int = 10
    skip: int = 0
    """Hits before the first that is wanted."""
    like_row: int | None = None
    """Look for rows like this one instead of a text."""
    filter: RowFilter = RowFilter()


@dataclass(frozen=True, slots=True)
class Match:
    """A word of the row's text that was asked for."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SearchHit:
    row: int
    """Its number in the data set's version."""
    text: str
    """The first MAX_TEXT characters of it."""
    label: str | None
    name: str | None
    """What the file called the row, as the records of FASTA are."""
    split: str | None
    rank: int
    """1 for the best."""
    score: float
    """What the hits are ordered by: the two parts, weighed by the mode."""
    semantic: float | None
    """Cosine to what was asked, -1 to 1; None where only words count."""
    keyword: float | None
    """BM25 over the most that the words could give, 0 to 1; None where words do not count."""
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class SearchAnswer:
    hits: tuple[SearchHit, ...]
    total: int
    """Rows that can be found by going on."""


MAX_TEXT = 2_000
MAX_MATCHES = 50
MAX_DEPTH = 1_000
"""Hits that one can page through."""
