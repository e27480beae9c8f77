"""Choosing C and the sparse view's weight by what they say of rows that they did not learn from.

Models are fitted side by side, one a core. No fit starts from another's end: lbfgs then finds its
gradient small enough at once and stays where it is.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from store.records.training import ClassifierSpec
from workers.pipeline.arrays import Doubles, Floats, Ints, Places
from workers.pipeline.classifiers.calibration import log_loss, temperature_of
from workers.pipeline.classifiers.fitting import fit_linear, weigh
from workers.pipeline.classifiers.head import Linear
from workers.pipeline.classifiers.sparse import SparseView
from workers.pipeline.folds import folds
from workers.pipeline.notes import note
from workers.pipeline.progress import Progress, silent

FOLDS = 4
ENOUGH_HELD_OUT = 2_000
"""Held-out rows from which on further folds say little that is new."""
CS = (30.0, 10.0, 3.0, 1.0)
"""Those that take longest first, so that the cores end together."""
SPARSE_WEIGHTS = (0.0, 1.0, 2.0, 4.0)


@dataclass(frozen=True)
class Learnt:
    """The chosen classifier, fitted to all rows, and how its like scored rows held out."""

    linear: Linear
    sparse: SparseView | None
    """Kept also at weight 0, as a baseline; None where it was not to be looked at."""
    c: float
    sparse_weight: float
    held_scores: Doubles
    """(m, k): summed scores of held-out rows, by models that had not seen them."""
    held_y: Ints
    held: Ints
    """(m,): places of these rows among those learnt from."""
    held_folds: Ints
    """(m,): rows of one fold were held out together."""


@dataclass(frozen=True)
class Pair:
    """Places of the rows that a model learns from, and of those that it is asked about."""

    learnt: Places
    held: Places


@dataclass(frozen=True)
class Rows:
    """n rows to learn from, with classes `y` below `count`, and their cuts."""

    vectors: Floats
    texts: Sequence[str]
    y: Ints
    count: int
    pairs: tuple[Pair, ...]


def learn(
    *, vectors: Floats, texts: Sequence[str] | None, y: Ints, groups: Ints, count: int,
    spec: ClassifierSpec, seed: int, progress: Progress = silent,
) -> Learnt:  # fmt: skip
    """Fit both views to rows with classes `y` below `count`; `texts` None leaves terms out."""
    columns, within = span(vectors)
    rows = Rows(within, texts or (), y, count, _pairs(y, groups, seed))
    places = np.concatenate([pair.held for pair in rows.pairs])
    held_folds = np.repeat(np.arange(len(rows.pairs)), [len(pair.held) for pair in rows.pairs])
    held_y = y[places]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        view = pool.submit(_sparse, rows) if texts and spec.sparse_view is not False else None
        c, held = _choose_c(pool, rows, held_y, spec.c, progress)
        found = fit_linear(within, y, count, c)
        linear = Linear(np.ascontiguousarray(columns @ found.weights), found.bias)
        sparse, held_sparse = view.result() if view else (None, None)
    if sparse is None or held_sparse is None:
        return Learnt(linear, None, c, 0.0, held, held_y, places, held_folds)
    weight = _choose_weight(held, held_sparse, held_y, spec.sparse_view)
    summed = held + weight * held_sparse
    return Learnt(linear, sparse, c, weight, summed, held_y, places, held_folds)


def span(vectors: Floats) -> tuple[Floats, Floats]:
    """Orthonormal columns (d, r), and the vectors' coordinates (n, r) along them.

    With fewer rows than dimensions r is n: the regression's weights lie in the span of the rows,
    and its penalty does not change under rotation, so that it may be fitted there. Else r is d.
    """
    n, dimensions = vectors.shape
    if n >= dimensions:
        return np.eye(dimensions, dtype=np.float32), vectors
    columns, coordinates = np.linalg.qr(vectors.T)
    return columns, np.ascontiguousarray(coordinates.T)


def _pairs(y: Ints, groups: Ints, seed: int) -> tuple[Pair, ...]:
    """As many of the FOLDS as hold out enough rows."""
    fold = folds(y, groups, FOLDS, seed)
    used = min(FOLDS, -(-ENOUGH_HELD_OUT * FOLDS // len(y)))
    pairs = [Pair(np.flatnonzero(fold != f), np.flatnonzero(fold == f)) for f in range(used)]
    return tuple(pair for pair in pairs if len(pair.held))


def _choose_c(
    pool: ThreadPoolExecutor, rows: Rows, held_y: Ints, asked: float | None, progress: Progress
) -> tuple[float, Doubles]:
    """The C of least log-loss, and the held-out scores under it."""
    cs = CS if asked is None else (asked,)
    trials = [pool.submit(_held_linear, rows, c) for c in cs]
    scores: dict[float, Doubles] = {}
    for done, (c, trial) in enumerate(zip(cs, trials, strict=True), start=1):
        scores[c] = trial.result()
        progress(len(rows.y) * done // (len(cs) + 1), len(rows.y))
    losses = {each: _tempered_loss(scores[each], held_y) for each in sorted(cs)}
    c = min(losses, key=losses.__getitem__)
    told = {f"loss_at_{each:g}": loss for each, loss in losses.items()}
    note(f"C = {c:g} by the log-loss of {len(held_y):,} rows held out", **told)
    return c, scores[c]


def _held_linear(rows: Rows, c: float) -> Doubles:
    found = []
    for pair in rows.pairs:
        model = fit_linear(rows.vectors[pair.learnt], rows.y[pair.learnt], rows.count, c)
        found.append(model.scores(rows.vectors[pair.held]))
    return np.vstack(found).astype(np.float64)


def _sparse(rows: Rows) -> tuple[SparseView | None, Doubles | None]:
    """The view fitted to all rows, and the scores of the held-out ones by views that were not."""
    weighted = weigh(rows.texts, rows.count)
    if weighted is None:
        return None, None
    found = []
    for pair in rows.pairs:
        view = weighted.view(pair.learnt, rows.y[pair.learnt], rows.count)
        found.append(weighted.scores(view, pair.held))
    everything = weighted.view(np.arange(len(rows.y)), rows.y, rows.count)
    return everything, np.vstack(found).astype(np.float64)


def _choose_weight(linear: Doubles, sparse: Doubles, y: Ints, asked: bool | None) -> float:
    """Of the sparse scores in the sum; 0 leaves them out, unless `asked` wants them in or out."""
    weights = {None: SPARSE_WEIGHTS, True: SPARSE_WEIGHTS[1:], False: SPARSE_WEIGHTS[:1]}[asked]
    losses = {weight: _tempered_loss(linear + weight * sparse, y) for weight in weights}
    chosen = min(losses, key=losses.__getitem__)
    told = {f"loss_at_{weight:g}": loss for weight, loss in losses.items()}
    note(f"terms have weight {chosen:g}" if chosen else "terms are left out", **told)
    return chosen


def _tempered_loss(scores: Doubles, y: Ints) -> float:
    """Log-loss under the best temperature, as the scores will be used under it."""
    return log_loss(scores, y, temperature_of(scores, y))
