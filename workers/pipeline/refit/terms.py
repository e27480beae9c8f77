"""The sparse view for corrected labels: the machines that a fix has a part in, fitted again.

Each class has a machine of its own that tells its rows from all others. A row that changes its
label moves in two of them. A row that comes or goes has a part in those where it lies within the
margin: beyond it a row's multiplier is zero, and the machine is the same without it. All others
stay as they are, to the last bit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer

from store.records.trial import TermsView
from workers.pipeline.arrays import Floats, Ints, Mask
from workers.pipeline.classifiers.fitting import Weighted, machines
from workers.pipeline.classifiers.sparse import (
    TERMS,
    Block,
    SparseView,
    Terms,
    letters,
    runs,
    split,
)
from workers.pipeline.refit.corrected import Corrected

MAX_WORK = 1_000_000_000
"""Terms of all rows times machines, over which the view is kept: about 25 s of one core."""
MARGIN = 1.1
"""1, and what the machines' loose fit may be off."""


@dataclass(frozen=True)
class Views:
    before: SparseView
    after: SparseView
    terms: TermsView


def weighed(texts: Sequence[str], blocks: Sequence[Block]) -> Weighted:
    """The rows' weights over terms that are known; dropped rows leave them as they were."""
    matrices = []
    for terms, block in zip(TERMS, blocks, strict=True):
        weights = TfidfTransformer(sublinear_tf=True)
        weights.idf_ = block.idf
        matrices.append(weights.transform(_counted(texts, terms, block)))
    return Weighted(tuple(blocks), hstack(matrices).tocsr())


def _counted(texts: Sequence[str], terms: Terms, block: Block) -> csr_matrix:
    """How often each row has each term. A word is cut into letters once, however often it is
    said: that is four times as fast."""
    if terms is not letters:
        return _counter(terms, block.rows).transform(texts)
    said = _counter(split)
    of_rows = said.fit_transform(texts)
    of_words = _counter(runs, block.rows).transform(said.get_feature_names_out())
    counts: csr_matrix = of_rows @ of_words
    counts.sort_indices()
    return counts


def _counter(terms: Terms, known: dict[str, int] | None = None) -> CountVectorizer:
    return CountVectorizer(analyzer=terms, vocabulary=known, dtype=np.float32)


def refitted(view: SparseView, weighted: Weighted, rows: Corrected, count: int) -> Views:
    """Both views, of which only the touched machines differ from `view`."""
    old, new = (
        (np.flatnonzero(learnt), y)
        for learnt, y in ((rows.learnt_before, rows.known.y), (rows.learnt_after, rows.after))
    )
    touched = touched_by(view, weighted, rows)
    is_whole = not np.array_equal(np.unique(old[1][old[0]]), np.unique(new[1][new[0]]))
    fits = count if is_whole else len(touched)
    if weighted.matrix.nnz * fits > MAX_WORK:
        return Views(view, view, TermsView.KEPT)
    before, after = (
        weighted.view(places, y[places], count) if is_whole  # a class came or went
        else _with_machines(view, weighted.matrix[places], y[places], touched)
        for places, y in (old, new)
    )  # fmt: skip
    return Views(before, after, TermsView.REFITTED)


def touched_by(view: SparseView, weighted: Weighted, rows: Corrected) -> Ints:
    """The classes whose machines have to be fitted again."""
    learnt = rows.learnt_before | rows.learnt_after
    changed = np.flatnonzero(learnt & (rows.known.y != rows.after))
    y = np.stack([rows.known.y[changed], rows.after[changed]])
    touched = np.zeros(len(view.bias), np.bool_)
    touched[y[y >= 0]] = True
    moves = changed[(y < 0).any(axis=0)]  # these come or go
    own = y.max(axis=0)[(y < 0).any(axis=0)]
    signs: Floats = np.where(np.arange(len(view.bias)) == own[:, None], 1, -1).astype(np.float32)
    within: Mask = signs * weighted.scores(view, moves) < MARGIN
    touched |= within.any(axis=0)
    return np.flatnonzero(touched & np.isin(np.arange(len(touched)), _scored(rows)))


def _scored(rows: Corrected) -> Ints:
    """Classes that have a machine: of two, the second alone."""
    present = np.unique(rows.known.y[rows.learnt_before])
    return present[1:] if len(present) == 2 else present


def _with_machines(view: SparseView, matrix: csr_matrix, y: Ints, classes: Ints) -> SparseView:
    """The view with the machines of these classes fitted to the rows.

    They are fitted in one call, in which all other classes are one: a class's machine does not
    care what its negatives are called.
    """
    if not len(classes):
        return view
    grouped = np.where(np.isin(y, classes), y, -1)
    model = machines().fit(matrix, grouped)
    own = np.array([0]) if len(model.classes_) == 2 else np.searchsorted(model.classes_, classes)
    weights, bias = np.vstack(view.weights), view.bias.copy()
    weights[:, classes], bias[classes] = model.coef_[own].T, model.intercept_[own]
    ends = np.cumsum([len(block.idf) for block in view.blocks])[:-1]
    return SparseView(view.blocks, tuple(np.split(weights, ends)), bias)
