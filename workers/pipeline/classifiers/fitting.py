"""Learning the two views: logistic regression on the vectors, linear machines on the terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
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
    model = LogisticRegression(C=c, max_iter=MAX_ITERATIONS).fit(vectors, y)
    return Linear(*_spread(model.coef_, model.intercept_, np.unique(y), count))


@dataclass(frozen=True)
class Weighted:
    """n rows as TF-IDF weights over the terms of all blocks, side by side."""

    blocks: tuple[Block, ...]
    matrix: csr_matrix
    """(n, terms)"""

    def view(self, rows: Places, y: Ints, count: int) -> SparseView:
        """Linear machines fitted to `rows`, whose classes are `y`."""
        model = LinearSVC(C=0.5, tol=0.1, random_state=0).fit(self.matrix[rows], y)
        weights, bias = _spread(model.coef_, model.intercept_, np.unique(y), count)
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


def _spread(
    weights: NDArray[np.floating], bias: NDArray[np.floating], present: Ints, count: int
) -> tuple[Floats, Floats]:
    """scikit-learn's (present, d) and (present,) as (d, count) and (count,).

    Of two classes it keeps one score; the other's is zero.
    """
    if len(weights) == 1:
        weights = np.vstack([np.zeros_like(weights), weights])
        bias = np.append(0.0, bias)
    all_weights = np.zeros((weights.shape[1], count), np.float32)
    all_bias = np.full(count, bias.min() - UNSEEN, np.float32)
    all_weights[:, present], all_bias[present] = weights.T, bias
    return all_weights, all_bias
