"""Both heads: what the training fitted and what the fixes make of it, by the same rules.

C, the terms' weight and the temperature stay as the training chose them. Both heads are fitted
here, the one of the labels as they were as well, so that no solver's end is taken for a gain.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from store.records.trial import RowFix, TermsView
from workers.pipeline.arrays import Doubles, Floats, Ints, Mask
from workers.pipeline.classifiers.head import Head, Linear, softmax
from workers.pipeline.progress import Progress, silent
from workers.pipeline.refit.corrected import Corrected, Known, corrected
from workers.pipeline.refit.newton import fit_from
from workers.pipeline.refit.terms import Views, refitted, weighed

SIDE_BY_SIDE = 3
"""Two fits of the vectors and those of the terms."""


@dataclass(frozen=True)
class Material:
    """What a training left: its n rows, their vectors, and its head with its temperature."""

    known: Known
    texts: Sequence[str]
    vectors: Floats
    """(n, d)"""
    head: Head
    c: float


@dataclass(frozen=True)
class Refitted:
    """What both heads say of the judged rows."""

    rows: Corrected
    before: Doubles
    """(m, k), probabilities"""
    after: Doubles
    terms: TermsView


def refit(material: Material, fixes: Sequence[RowFix], progress: Progress = silent) -> Refitted:
    """Raises BadData for fixes that cannot be tried."""
    rows = corrected(material.known, fixes)
    total = int(rows.learnt_before.sum())
    progress(0, total)
    with threadpool_limits(1), ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        terms = pool.submit(_terms, material, rows)
        linear = [
            pool.submit(_linear, material, learnt, y)
            for learnt, y in (
                (rows.learnt_before, rows.known.y), (rows.learnt_after, rows.after),
            )
        ]  # fmt: skip
        heads = [fit.result() for fit in linear]
        progress(total // 2, total)
        read = terms.result()
        before, after = (
            _probabilities(material, rows.judged, head, scores)
            for head, scores in zip(heads, read.scores, strict=True)
        )
    progress(total, total)
    return Refitted(rows, before, after, read.terms)


@dataclass(frozen=True)
class Read:
    """What the terms add to the judged rows' scores, before and after."""

    scores: tuple[Doubles | float, Doubles | float]
    terms: TermsView


def _terms(material: Material, rows: Corrected) -> Read:
    head = material.head
    if head.sparse is None or not head.sparse_weight:
        return Read((0.0, 0.0), TermsView.UNUSED)
    weighted = weighed(material.texts, head.sparse.blocks)
    views: Views = refitted(head.sparse, weighted, rows, len(head.classes))
    judged = np.flatnonzero(rows.judged)
    before, after = (
        head.sparse_weight * weighted.scores(view, judged).astype(np.float64)
        for view in (views.before, views.after)
    )
    return Read((before, after), views.terms)


def _linear(material: Material, learnt: Mask, y: Ints) -> Linear:
    head = material.head
    return fit_from(head.linear, material.vectors[learnt], y[learnt], len(head.classes), material.c)


def _probabilities(
    material: Material, judged: Mask, linear: Linear, terms: Doubles | float
) -> Doubles:
    scores = linear.scores(material.vectors[judged]).astype(np.float64) + terms
    return softmax(scores / material.head.temperature)
