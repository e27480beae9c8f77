"""Which texts lie close together, and which lie far from all others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from store.records.training import EmbedderKind
from workers.pipeline.arrays import Floats, Ints, Places
from workers.pipeline.neighbours import nearest
from workers.pipeline.quality.suspicion import Rows

NEIGHBOURS = 20
NEAR_COSINE = {
    EmbedderKind.SENTENCE_TRANSFORMER: 0.97,
    EmbedderKind.STATIC: 0.97,
    EmbedderKind.TFIDF: 0.98,
    EmbedderKind.KMER: 0.995,
}
"""Cosine from which on rows are near duplicates. On banking77, whose questions are alike anyway,
738 pairs of MiniLM's reach 0.97, of which 99 % carry one label, and 2,499 reach 0.95, most of them
other sentences for the same wish; a "please" put before a text keeps 0.97 in two of three cases,
and other punctuation is seen by the letters."""


@dataclass(frozen=True)
class Neighbourhood:
    """u distinct texts of n rows, each with its k nearest among the others."""

    first: Places
    """(u,): the first row with each text."""
    text_of: Ints
    """(n,): the text of each row."""
    cosines: Floats
    """(u, k)"""
    places: Ints
    """(u, k): among the u texts."""

    @classmethod
    def of(cls, rows: Rows) -> Neighbourhood:
        """Equal texts are one: else they would be all that each other's neighbourhood holds."""
        _, first, text_of = np.unique(rows.table.group, return_index=True, return_inverse=True)
        k = min(NEIGHBOURS, len(first) - 1)
        if k < 1:
            nothing = np.zeros((len(first), 0))
            return cls(first, text_of, nothing.astype(np.float32), nothing.astype(np.int64))
        return cls(first, text_of, *nearest(np.ascontiguousarray(rows.vectors[first]), k))

    def clusters(self, rows: Rows, cosine: float) -> list[Places]:
        """Groups of two rows or more whose texts are equal or near, the rows in their order."""
        texts = [rows.table.text[place] for place in self.first]
        of_text = self._components(texts, cosine)
        return list(groups_of(of_text[self.text_of]))

    def _components(self, texts: Sequence[str], cosine: float) -> Ints:
        """(u,): a number that texts which are near each other, maybe by way of others, share."""
        begin, column = np.nonzero(self.cosines >= cosine)
        end = self.places[begin, column]
        alike_begin, alike_end = _of_the_same_letters(texts)
        begin, end = np.concatenate([begin, alike_begin]), np.concatenate([end, alike_end])
        edges = coo_matrix((np.ones(len(begin), np.int8), (begin, end)), (len(texts),) * 2)
        _, component = connected_components(edges, directed=False)
        return np.asarray(component, np.int64)


def groups_of(numbers: Ints) -> Iterator[Places]:
    """Places that share a number, for every number that two or more have."""
    order = np.argsort(numbers, kind="stable")
    _, start, size = np.unique(numbers[order], return_index=True, return_counts=True)
    for begin, count in zip(start[size > 1].tolist(), size[size > 1].tolist(), strict=True):
        yield order[begin : begin + count]


def _of_the_same_letters(texts: Sequence[str]) -> tuple[Ints, Ints]:
    """Pairs of texts that differ in punctuation and blanks alone, the first of a kind in each."""
    first: dict[str, int] = {}
    pairs = []
    for place, text in enumerate(texts):
        letters = "".join(filter(str.isalnum, text.casefold()))
        known = first.setdefault(letters, place) if letters else place
        if known != place:
            pairs.append((known, place))
    found = np.array(pairs, np.int64).reshape(-1, 2)
    return found[:, 0], found[:, 1]
