"""Changes of single rows, out of which a data set's next version is made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RowEdit:
    """What becomes of one row; None leaves its label or its text as it is."""

    row: int
    """Its number, which it keeps in every later version."""
    label: str | None = None
    """Empty takes the label away."""
    text: str | None = None
    drop: bool = False


@dataclass(frozen=True, slots=True)
class EditCounts:
    """What edits came to, counted in rows; one that is relabelled and reworded counts twice."""

    relabelled: int = 0
    reworded: int = 0
    dropped: int = 0
    unchanged: int = 0
    """They had that label and that text before."""
    missing: int = 0
    """They had been dropped before; only lenient edits pass over them."""


@dataclass(frozen=True, slots=True)
class Edits:
    """Why a version was made out of its base by edits; its source is their list."""

    note: str = ""
    is_lenient: bool = False
    """Rows that are gone by now are passed over, not refused."""
    counts: EditCounts | None = None
    """None until they are applied."""
