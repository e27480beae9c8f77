"""What is known of an index when it has been made."""

from __future__ import annotations

from dataclasses import dataclass

INDEX = "index"
"""The stage that makes it, and the folder that it leaves there."""


@dataclass(frozen=True)
class Figures:
    """Its size, and whether it is searched approximately."""

    bytes: int
    rows: int
    dimensions: int
    words: int
    approximate: bool
    recall: float
