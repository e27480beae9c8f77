"""Learning the two views: logistic regression on the vectors, linear machines on the terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from workers.pipeline.arrays import Floats, Ints, Places
from workers.pipeline.classifiers.head import Linear
from workers.pipeline.classifiers.sparse import TERMS, Block, SparseView

MAX_TERMS = 60_000
MAX_WEIGHTS = 40_000_000
"""Terms times classes, over which fewer terms are kept: 80 MB in the bundle."""
RARE_FROM = 1_000
"""Rows from which on a term must occur in two of them."""
MAX_ITERATIONS = 500
UNSEEN = 10.0
"""How far below every score of a row a class lies that was not in the rows learnt from."""


def fit_linear(vectors: Floats, y: Ints, count: int, c: float) -> Linear:
    """Multinomial logistic regression with inverse regularisation `c`."""
    return Linear(*_fit(LogisticRegression(C=c, max_iter=MAX_ITERATIONS), vectors, y, count))


def machines() -> LinearSVC:
    """The terms' learner: for each class one that tells it from all others."""
    return LinearSVC(C=0.5, tol=0.1, random_state=0)


@dataclass(frozen=True)
class Weighted:
    """n rows as TF-IDF weights over the terms of all blocks, side by side."""

    blocks: tuple[Block, ...]
    matrix: csr_matrix
    """(n, terms)"""

    def view(self, rows: Places, y: Ints, count: int) -> SparseView:
        """Linear machines fitted to `rows`, whose classes are `y`."""
        weights, bias = _fit(machines(), self.matrix[rows], y, count)
        ends = np.cumsum([len(block.idf) for block in self.blocks])[:-1]
        return SparseView(self.blocks, tuple(np.split(weights, ends)), bias)

    def scores(self, view: SparseView, rows: Places) -> Floats:
        """(rows, k): what `view.scores` says of their texts, many rows at once."""
        return np.asarray(self.matrix[rows] @ np.vstack(view.weights) + view.bias, np.float32)


def weigh(texts: Sequence[str], classes: int) -> Weighted | None:
    """The rows' terms; None when there are none."""
    blocks, matrices = [], []
    limit = min(MAX_TERMS, MAX_WEIGHTS // max(classes, 1))
    for terms in TERMS:
        vectorizer = TfidfVectorizer(
            analyzer=terms, sublinear_tf=True, max_features=limit // len(TERMS), dtype=np.float32,
            min_df=2 if len(texts) >= RARE_FROM else 1,
        )  # fmt: skip
        try:
            matrices.append(vectorizer.fit_transform(texts))
        except ValueError:  # no term at all
            return None
        known = {str(term): row for row, term in enumerate(vectorizer.get_feature_names_out())}
        blocks.append(Block(known, vectorizer.idf_.astype(np.float32)))
    return Weighted(tuple(blocks), hstack(matrices).tocsr())


def _fit(
    model: LogisticRegression | LinearSVC, rows: Floats | csr_matrix, y: Ints, count: int
) -> tuple[Floats, Floats]:
    """The fitted model's weights (d, count) and bias (count,), whichever classes `y` has.

    Of two classes scikit-learn keeps one score; the other's is zero.
    """
    present = np.unique(y)
    weights = np.zeros((rows.shape[1], count), np.float32)
    if len(present) == 1:
        return weights, np.where(np.arange(count) == present, 0, -UNSEEN).astype(np.float32)
    model.fit(rows, y)
    scored = present[1:] if len(present) == 2 else present
    bias = np.full(count, min(0, model.intercept_.min()) - UNSEEN, np.float32)
    bias[present] = 0
    weights[:, scored], bias[scored] = model.coef_.T, model.intercept_
    return weights, bias
