"""What a classifier says of rows that it did not learn from, for every row that can be held out.

The classifier is the platform's own, of both views, but with one C for all and a fixed weight of
the terms: choosing them would cost four times as much, and on banking77 with 5 % of the labels
flipped C = 1, 3 and 10 with weights 0 to 4 all found 93 to 95 % of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap

from workers.pipeline.arrays import Floats, Ints, Mask, Places
from workers.pipeline.classifiers.calibration import temperature_of
from workers.pipeline.classifiers.fitting import Weighted, fit_linear, weigh
from workers.pipeline.folds import folds, sample
from workers.pipeline.progress import Progress

FOLDS = 5
C = 3.0
SPARSE_WEIGHT = 1.0
MAX_LEARNT = 50_000
"""Rows that one fold's classifier learns from: a sample of the others, each class in proportion."""
MAX_WEIGHED = 200_000
"""Rows whose terms are looked at: above, the vectors alone decide."""
BATCH = 10_000
JUDGED = 20_000
"""Rows that the temperature is told from."""


@dataclass(frozen=True)
class HeldOut:
    """`scores` (n, k) of n rows; rows that are not `judged` (n,) were in no fold."""

    scores: Floats
    judged: Mask
    temperature: float


def held_out(
    *, vectors: Floats, texts: Sequence[str] | None, y: Ints, groups: Ints, count: int, seed: int,
    scratch: Path, progress: Progress,
) -> HeldOut:  # fmt: skip
    """Scores of labelled rows with classes `y` below `count`; rows of equal text share a fold.

    They are kept in a file under `scratch`: a million rows of a hundred classes are 400 MB.
    """
    fold = folds(y, groups, FOLDS, seed)
    scores = open_memmap(scratch / "scores.npy", "w+", np.float32, (len(y), count))
    few = texts is not None and len(texts) <= MAX_WEIGHED
    weighted = weigh(texts, count) if few and texts else None
    work = _Fold(vectors, weighted, y, groups, count, seed, scores)
    pool = ThreadPoolExecutor(os.cpu_count())
    try:
        trials = [pool.submit(work.run, fold, number) for number in range(FOLDS)]
        for done, trial in enumerate(as_completed(trials), start=1):
            trial.result()
            progress(len(y) * done // FOLDS, len(y))
    finally:
        pool.shutdown(cancel_futures=True)
    judged: Mask = fold >= 0
    some = np.flatnonzero(judged)[:: max(1, int(judged.sum()) // JUDGED)]
    told = temperature_of(np.asarray(scores[some], np.float64), y[some]) if len(some) else 1.0
    return HeldOut(scores, judged, told)


@dataclass(frozen=True)
class _Fold:
    vectors: Floats
    weighted: Weighted | None
    y: Ints
    groups: Ints
    count: int
    seed: int
    scores: Floats

    def run(self, fold: Ints, number: int) -> None:
        """Score the rows of one fold by a classifier of the others, in place."""
        held = np.flatnonzero(fold == number)
        if not len(held):
            return
        learnt = self._sampled(np.flatnonzero(fold != number))
        linear = fit_linear(self.vectors[learnt], self.y[learnt], self.count, C)
        view = self.weighted.view(learnt, self.y[learnt], self.count) if self.weighted else None
        for start in range(0, len(held), BATCH):
            some = held[start : start + BATCH]
            found = self.vectors[some] @ linear.weights + linear.bias
            if self.weighted is not None and view is not None:
                found = found + SPARSE_WEIGHT * self.weighted.scores(view, some)
            self.scores[some] = found

    def _sampled(self, places: Places) -> Places:
        if len(places) <= MAX_LEARNT:
            return places
        some = sample(self.y[places], self.groups[places], MAX_LEARNT, self.seed)
        return places[some]
