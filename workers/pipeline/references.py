"""The reference sequences nearest to a read, by how much of it they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from store.records.prediction import Neighbour
from workers.pipeline.arrays import Floats
from workers.pipeline.identity import identity

if TYPE_CHECKING:
    from workers.pipeline.serving import KnownRows

MAX_PIECES = 16
"""Of one sequence that is learnt from, evenly spaced; half a piece apart in a gene of 2,000 letters
cut at 250."""
ALIGNED = 8
"""Rows of highest cosine that are aligned: 2 to 5 ms each for a gene of 1,500 letters."""
IDENTITY_DECIMALS = 4


def nearest_references(
    known: KnownRows, text: str, vector: Floats, count: int, classes: Sequence[str]
) -> tuple[Neighbour, ...]:
    """`count` rows: of those nearest by cosine the most similar first, and then the others.

    Pieces stand for the whole sequence that they are of.
    """
    wanted = max(count, ALIGNED)
    nearest: dict[int, float] = {}
    for place, cosine in zip(*known.near(vector, wanted * (1 + MAX_PIECES)), strict=True):
        nearest.setdefault(_whole(known, int(place)), float(cosine))
    pairs = islice(nearest.items(), wanted)
    found = [known.neighbour(place, cosine, classes) for place, cosine in pairs]
    aligned = [replace(each, identity=_rounded(text, each.text)) for each in found[:ALIGNED]]
    aligned.sort(key=lambda each: -(each.identity or 0.0))  # stable: the higher cosine stays first
    return (*aligned, *found[ALIGNED:])[:count]


def _whole(known: KnownRows, place: int) -> int:
    """The place of the sequence that a piece is of: they follow it under its number."""
    while place and known.numbers[place - 1] == known.numbers[place]:
        place -= 1
    return place


def _rounded(text: str, reference: str) -> float | None:
    share = identity(text, reference)
    return None if share is None else round(share, IDENTITY_DECIMALS)
