"""Answering from a loaded index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.records.dataset import DataKind
from store.records.search import MAX_TEXT, Query, SearchAnswer, SearchHit, SearchMode
from workers.pipeline.arrays import Doubles, Floats, Mask, Places
from workers.pipeline.search.columns import Columns
from workers.pipeline.search.graph import Graph
from workers.pipeline.search.keywords import Keywords
from workers.pipeline.search.vectors import Vectors
from workers.pipeline.search.words import matches, words
from workers.pipeline.sequences import plain

SEMANTIC_SHARE = 0.8
TERM_BYTES = 130
"""A word in memory, as text and in its dictionary."""
CANDIDATES = 200
"""Rows of a graph, and as many by their words, that are compared exactly; more for later pages."""
EXACT_ROWS = 200_000
"""So many are compared one by one: 100,000 x 384 numbers take 15 ms."""


FEW_ROWS, FEW_SHARE = 20_000, 0.1
"""Of a graph's rows: where a filter leaves fewer, or less than that share, they are compared."""


class NoSuchRow(Exception):
    """No row of the index has this number."""


@dataclass(frozen=True)
class Found:
    """Candidates, by place, and the parts of their scores."""

    places: Places
    semantic: Doubles | None
    keyword: Doubles | None

    def scores(self) -> Doubles:
        """What hits are ordered by: a weighed sum where both parts count."""
        if self.semantic is None or self.keyword is None:
            only = self.semantic if self.keyword is None else self.keyword
            return np.zeros(len(self.places)) if only is None else only
        both: Doubles = SEMANTIC_SHARE * self.semantic + (1 - SEMANTIC_SHARE) * self.keyword
        return np.round(both, 6)


@dataclass(frozen=True)
class Index:
    """The same text gets the same hits alone and in a batch; equal scores go by row number.

    HYBRID sums the cosine and BM25 over its upper bound, weighed SEMANTIC_SHARE to the rest: the
    convex combination with theoretical minima and maxima of Bruch, Gai and Ingber (2023). On
    banking77 (test questions, hits of the same intent among its training rows) that was better than
    either part, and than reciprocal rank fusion (k = 60): see docs/benchmarks.md. Its scores do not
    depend on how many candidates were looked at, so pages and filters agree with each other.
    """

    kind: DataKind
    embedder_key: str | None
    columns: Columns
    vectors: Vectors
    keywords: Keywords
    graph: Graph | None

    @property
    def held_bytes(self) -> int:
        """Memory that it may take; what is mapped from files is not counted."""
        columns = self.columns.numbers.nbytes * 3 + len(self.keywords.terms) * TERM_BYTES
        return columns + (0 if self.graph else self.vectors.held_bytes)

    def plain(self, text: str) -> str:
        """As the rows were written that it is compared with."""
        return plain(text) if self.kind is DataKind.SEQUENCE else text

    def search(
        self, texts: Sequence[str], vectors: Sequence[Floats | None], query: Query
    ) -> list[SearchAnswer]:
        """One answer a text; `vectors` are those of the texts, None where only words count.

        Raises NoSuchRow.
        """
        mask = self.columns.mask(query.filter)
        if query.like_row is None:
            return [self._answer(*each, query, mask) for each in zip(texts, vectors, strict=True)]
        place = self.columns.place_of(query.like_row)
        if place is None:
            raise NoSuchRow(f"the index has no row {query.like_row}")
        mask = np.ones(len(self.columns), np.bool_) if mask is None else mask.copy()
        mask[place] = False
        text, vector = self.columns.text(place), self.vectors.one(place)
        return [self._answer(text, vector, query, mask) for _ in texts]

    def _answer(
        self, text: str, vector: Floats | None, query: Query, mask: Mask | None
    ) -> SearchAnswer:
        asked = words(text) if query.mode is not SearchMode.SEMANTIC else []
        keyword = self._keyword(asked) if query.mode is not SearchMode.SEMANTIC else None
        total = len(self.columns) if mask is None else int(mask.sum())
        if query.mode is SearchMode.KEYWORD or vector is None:
            places = np.flatnonzero(_within(keyword > 0, mask)) if keyword is not None else _NONE
            return self._shown(Found(places, None, _at(keyword, places)), len(places), query, asked)
        places, semantic = self._semantic(vector, query, mask, keyword, total)
        return self._shown(Found(places, semantic, _at(keyword, places)), total, query, asked)

    def _keyword(self, asked: Sequence[str]) -> Doubles | None:
        """(n,): 0 to 1; None where there are no words, as in sequences."""
        if not self.keywords.terms:
            return None
        most = self.keywords.most(asked)
        scores = self.keywords.scores(asked)
        return np.round(scores / most, 4) if most else scores

    def _semantic(
        self, vector: Floats, query: Query, mask: Mask | None, keyword: Doubles | None, total: int
    ) -> tuple[Places, Doubles]:
        """Candidates and their cosines. A graph is asked only where it saves comparing."""
        if self.graph is None:
            places = np.arange(len(self.columns)) if mask is None else np.flatnonzero(mask)
            return places, self.vectors.cosines(vector)[places]
        wanted = max(CANDIDATES, 2 * (query.skip + query.first))
        if total > FEW_ROWS and total >= FEW_SHARE * len(self.columns):
            near = self.graph.nearest(vector, wanted, mask)
            if len(near) >= min(wanted, total):
                by_words = _best(keyword, mask, wanted)
                places = np.union1d(near, by_words)
                return places, self.vectors.cosines_at(places, vector)
        places = np.arange(len(self.columns)) if mask is None else np.flatnonzero(mask)
        return places, self.vectors.cosines_at(places, vector)

    def _shown(self, found: Found, total: int, query: Query, asked: Sequence[str]) -> SearchAnswer:
        scores = found.scores()
        order = top(scores, query.skip + query.first)[query.skip :]
        hits = tuple(
            self._hit(found, scores, int(each), rank, asked)
            for rank, each in enumerate(order, query.skip + 1)
        )
        return SearchAnswer(hits, total)

    def _hit(
        self, found: Found, scores: Doubles, at: int, rank: int, asked: Sequence[str]
    ) -> SearchHit:
        place = int(found.places[at])
        text = self.columns.text(place)[:MAX_TEXT]
        return SearchHit(
            row=int(self.columns.numbers[place]), text=text, label=self.columns.label(place),
            name=self.columns.name(place),
            split=self.columns.split(place), rank=rank, score=float(scores[at]),
            semantic=None if found.semantic is None else float(found.semantic[at]),
            keyword=None if found.keyword is None else float(found.keyword[at]),
            matches=matches(text, asked) if found.keyword is not None else (),
        )  # fmt: skip


def top(scores: Doubles, count: int) -> Places:
    """Places of the `count` highest, best first; of equals the first."""
    count = min(count, len(scores))
    if not count:
        return _NONE
    floor = np.partition(scores, len(scores) - count)[len(scores) - count]
    tied = np.flatnonzero(scores >= floor)
    order: Places = tied[np.argsort(-scores[tied], kind="stable")][:count]
    return order


_NONE: Places = np.empty(0, np.intp)


def _within(rows: Mask, mask: Mask | None) -> Mask:
    return rows if mask is None else rows & mask


def _at(scores: Doubles | None, places: Places) -> Doubles | None:
    return None if scores is None else scores[places]


def _best(scores: Doubles | None, mask: Mask | None, count: int) -> Places:
    """The rows that the words speak for most."""
    if scores is None:
        return _NONE
    places = np.flatnonzero(_within(scores > 0, mask))
    return places[top(scores[places], count)]
