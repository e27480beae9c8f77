"""BM25 (Robertson and Zaragoza 2009) over the words of rows, as arrays.

A row's score for a query is a sum over the query's distinct words of

    idf(w) tf (K1 + 1) / (tf + K1 (1 - B + B length / mean length)),
    idf(w) = ln(1 + (n - df + 0.5) / (df + 0.5))

over tf, how often the row has the word, and df, how many of the n rows have it. All of it is known
when the index is built, so what a word adds to each of its rows is kept, and a query only sums up.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workers.pipeline.arrays import Doubles, Ints
from workers.pipeline.progress import Progress, silent
from workers.pipeline.search.words import words

K1, B = 1.2, 0.75
_BATCH = 5_000


@dataclass(frozen=True)
class Keywords:
    """Word t stands in the rows at `places[starts[t]:starts[t + 1]]`, and adds `weights` there."""

    terms: dict[str, int]
    starts: Ints
    """(words + 1,)"""
    places: NDArray[np.int32]
    weights: NDArray[np.float32]
    rows: int

    @classmethod
    def load(cls, folder: Path, rows: int) -> Keywords:
        """Raises ValueError for arrays that do not fit each other."""
        terms = json.loads((folder / "terms.json").read_bytes())
        starts, places, weights = (
            np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
            for name in ("starts", "places", "weights")
        )
        if not len(terms) == len(starts) - 1 or not starts[-1] == len(places) == len(weights):
            raise ValueError("the keywords' arrays differ in length")
        if len(places) and not 0 <= places.min() <= places.max() < rows:
            raise ValueError("a keyword points to a row that is not there")
        return cls({term: i for i, term in enumerate(terms)}, starts, places, weights, rows)

    def scores(self, asked: Sequence[str]) -> Doubles:
        """(rows,): BM25 of every row for these words."""
        scores = np.zeros(self.rows)
        for term in self._known(asked):
            here = slice(int(self.starts[term]), int(self.starts[term + 1]))
            scores[self.places[here]] += self.weights[here]
        return scores

    def most(self, asked: Sequence[str]) -> float:
        """What no row's score can exceed: every word, as often as can be."""
        return sum(self._idf(term) * (K1 + 1) for term in self._known(asked))

    def _known(self, asked: Iterable[str]) -> list[int]:
        """In one order, so that the same words always sum up to the same."""
        return sorted({self.terms[word] for word in asked if word in self.terms})

    def _idf(self, term: int) -> float:
        return float(_idf(np.array([self.starts[term + 1] - self.starts[term]]), self.rows)[0])


def write_keywords(folder: Path, texts: Sequence[str], progress: Progress = silent) -> int:
    """Leave what `Keywords.load` reads; how many words there are."""
    folder.mkdir(parents=True)
    terms, postings, lengths = _postings(texts, progress)
    term, place, often = postings
    order = np.argsort(term, kind="stable")  # within a word the rows stay in order
    term, place, often = term[order], place[order], often[order]
    counts = np.bincount(term, minlength=len(terms))
    mean = lengths.mean() if len(lengths) and lengths.any() else 1.0
    norm = K1 * (1 - B + B * lengths[place] / mean)
    weights = _idf(counts, len(texts))[term] * often * (K1 + 1) / (often + norm)
    np.save(folder / "starts.npy", np.concatenate([[0], np.cumsum(counts)]).astype(np.int64))
    np.save(folder / "places.npy", place.astype(np.int32))
    np.save(folder / "weights.npy", weights.astype(np.float32))
    (folder / "terms.json").write_text(json.dumps(terms, ensure_ascii=False))
    return len(terms)


def _postings(
    texts: Sequence[str], progress: Progress
) -> tuple[list[str], tuple[Ints, Ints, Ints], Doubles]:
    """Every word, each pair of word and row with its count, and each row's length."""
    known: dict[str, int] = {}
    lengths = np.zeros(len(texts))
    found: list[NDArray[Any]] = []
    for start in range(0, len(texts), _BATCH):
        batch: list[tuple[int, int, int]] = []
        for place, text in enumerate(texts[start : start + _BATCH], start):
            counted = Counter(words(text))
            lengths[place] = counted.total()
            batch += [(known.setdefault(w, len(known)), place, n) for w, n in counted.items()]
        found.append(np.array(batch, np.int64).reshape(-1, 3))
        progress(min(start + _BATCH, len(texts)), len(texts))
    columns = np.concatenate(found) if found else np.empty((0, 3), np.int64)
    return list(known), (columns[:, 0], columns[:, 1], columns[:, 2]), lengths


def _idf(rows_with: NDArray[Any], rows: int) -> Doubles:
    idf: Doubles = np.log1p((rows - rows_with + 0.5) / (rows_with + 0.5))
    return idf
