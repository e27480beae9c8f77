"""The terms of the sparse view, each at its place in the text.

Lower case can be longer than what it stands for (the Turkish İ becomes two characters), so every
character of it remembers the one it came from.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from workers.pipeline.arrays import Doubles, Places
from workers.pipeline.classifiers.sparse import MAX_CHARACTERS, RUNS, Block, SparseView
from workers.pipeline.embedders.tfidf import WORD

_SOLID = re.compile(r"\S+")


@dataclass(frozen=True)
class Lowered:
    """The part of a text that terms are taken from, as they are taken."""

    text: str
    origin: Places
    """(characters of `text`,): each one's place in the text as it was written."""

    @classmethod
    def of(cls, text: str) -> Lowered:
        head = text[:MAX_CHARACTERS]
        origin = [place for place, letter in enumerate(head) for _ in letter.lower()]
        return cls(head.lower(), np.array(origin, np.intp))


Located = Iterator[tuple[str, list[slice]]]
"""Each occurrence of a term, and the slices of the lowered text that it covers."""


def words_at(text: str) -> Located:
    """`sparse.words`, located: words, and pairs of neighbours without what is between them."""
    found = list(WORD.finditer(text))
    for match in found:
        yield match[0], [slice(*match.span())]
    for first, second in pairwise(found):
        yield f"{first[0]} {second[0]}", [slice(*first.span()), slice(*second.span())]


def letters_at(text: str) -> Located:
    """`sparse.letters`, located: runs of letters, without the blanks for a word's ends."""
    for match in _SOLID.finditer(text):
        start, end, padded = *match.span(), f" {match[0]} "
        for length in RUNS:
            for i in range(len(padded) - length + 1):
                covered = slice(max(start + i - 1, start), min(start + i - 1 + length, end))
                yield padded[i : i + length], [covered]


LOCATED: tuple[Callable[[str], Located], ...] = (words_at, letters_at)
"""In the order of `sparse.TERMS`."""


def spread(view: SparseView, text: str, signs: Doubles) -> Doubles:
    """(characters,): what each character of `text` adds to the view's scores @ signs.

    With the bias it sums to them. A term's share is split evenly over its occurrences, and an
    occurrence's over the characters that it covers.
    """
    lowered, added = Lowered.of(text), np.zeros(len(text))
    for located, block, weights in zip(LOCATED, view.blocks, view.weights, strict=True):
        places = _places(located(lowered.text), block)
        rows, values = block.weigh([term for term, covered in places.items() for _ in covered])
        worth = values * (weights[rows].astype(np.float64) @ signs)
        for covered, share in zip(places.values(), worth, strict=True):
            for slices in covered:
                at = np.concatenate([lowered.origin[each] for each in slices])
                np.add.at(added, at, share / len(covered) / len(at))
    return added


def _places(located: Located, block: Block) -> dict[str, list[list[slice]]]:
    """What each known term's occurrences cover, terms in the order in which they come first."""
    places: dict[str, list[list[slice]]] = {}
    for term, covered in located:
        if term in block.rows:
            places.setdefault(term, []).append(covered)
    return places
