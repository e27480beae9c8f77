"""Choosing C and the sparse view's weight by what they say of rows that they did not learn from."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from store.records.training import ClassifierSpec
from workers.pipeline.classifiers.calibration import log_loss, temperature_of
from workers.pipeline.classifiers.fitting import Weighted, fit_linear, weigh
from workers.pipeline.classifiers.head import Linear
from workers.pipeline.classifiers.sparse import SparseView
from workers.pipeline.folds import folds

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
Places = NDArray[np.intp]

FOLDS = 3
ONE_FOLD_FROM = 5_000
"""Rows from which on one held-out third says as much as all three, at a third of the time."""
CS = (1.0, 3.0, 10.0, 30.0)
SPARSE_WEIGHTS = (0.0, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class Learnt:
    """The chosen classifier, fitted to all rows, and how its like scored rows held out."""

    linear: Linear
    sparse: SparseView | None
    """Kept also at weight 0, as a baseline."""
    c: float
    sparse_weight: float
    held_scores: NDArray[np.float64]
    """(m, k): summed scores of held-out rows, by models that had not seen them."""
    held_y: Ints


@dataclass(frozen=True)
class Rows:
    """n rows to learn from, and their cut into (learnt, held out) pairs."""

    vectors: Floats
    texts: Sequence[str]
    y: Ints
    count: int
    pairs: list[tuple[Places, Places]]

    @property
    def held(self) -> Places:
        return np.concatenate([held for _, held in self.pairs])


def learn(
    *, vectors: Floats, texts: Sequence[str] | None, y: Ints, groups: Ints, count: int,
    spec: ClassifierSpec, seed: int,
) -> Learnt:  # fmt: skip
    """Fit both views; `texts` None leaves the sparse one out. The views are fitted side by side."""
    rows = Rows(vectors, texts or (), y, count, _pairs(y, groups, seed))
    with ThreadPoolExecutor(1) as beside:
        sparse_view = (
            beside.submit(_sparse, rows) if texts and spec.sparse_view is not False else None
        )
        c, held_linear = _choose_c(rows, spec.c)
        linear = fit_linear(vectors, y, count, c)
        sparse, held_sparse = sparse_view.result() if sparse_view else (None, None)
    weight = _choose_weight(held_linear, held_sparse, y[rows.held], spec.sparse_view)
    held = held_linear if held_sparse is None else held_linear + weight * held_sparse
    return Learnt(linear, sparse, c, weight, held, y[rows.held])


def _pairs(y: Ints, groups: Ints, seed: int) -> list[tuple[Places, Places]]:
    fold = folds(y, groups, FOLDS, seed)
    used = range(1 if len(y) >= ONE_FOLD_FROM else FOLDS)
    return [(np.flatnonzero(fold != f), np.flatnonzero(fold == f)) for f in used]


def _choose_c(rows: Rows, asked: float | None) -> tuple[float, NDArray[np.float64]]:
    """C, judged on the first pair, and the held-out scores under it.

    Each C starts from the end of the one before.
    """
    learnt, held = rows.pairs[0]
    models: dict[float, Linear] = {}
    start: Linear | None = None
    for c in CS if asked is None else (asked,):
        start = fit_linear(rows.vectors[learnt], rows.y[learnt], rows.count, c, start)
        models[c] = start

    def loss(c: float) -> float:
        scores = models[c].scores(rows.vectors[held]).astype(np.float64)
        return log_loss(scores, rows.y[held], temperature_of(scores, rows.y[held]))

    c = min(models, key=loss)
    fitted = [models[c]] + [
        fit_linear(rows.vectors[each], rows.y[each], rows.count, c) for each, _ in rows.pairs[1:]
    ]
    scores = [
        model.scores(rows.vectors[held])
        for model, (_, held) in zip(fitted, rows.pairs, strict=True)
    ]
    return c, np.vstack(scores).astype(np.float64)


def _sparse(rows: Rows) -> tuple[SparseView | None, NDArray[np.float64] | None]:
    """The view fitted to all rows, and the scores of the held-out ones by views that were not."""
    weighted: Weighted | None = weigh(rows.texts, rows.count)
    if weighted is None:
        return None, None
    scores = [
        weighted.scores(weighted.view(learnt, rows.y[learnt], rows.count), held)
        for learnt, held in rows.pairs
    ]
    view = weighted.view(np.arange(len(rows.y)), rows.y, rows.count)
    return view, np.vstack(scores).astype(np.float64)


def _choose_weight(
    linear: NDArray[np.float64],
    sparse: NDArray[np.float64] | None,
    y: Ints,
    asked: bool | None,
) -> float:
    if sparse is None:
        return 0.0

    def loss(weight: float) -> float:
        scores = linear + weight * sparse
        return log_loss(scores, y, temperature_of(scores, y))

    return min(SPARSE_WEIGHTS[1:] if asked else SPARSE_WEIGHTS, key=loss)
