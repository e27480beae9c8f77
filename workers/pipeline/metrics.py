"""The report's figures, from probabilities and classes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import precision_recall_fscore_support

from store.records.report import CalibrationBin, ClassReport, Confusion, WorstRow
from workers.pipeline.arrays import Doubles, Ints

BINS = 15
MAX_CONFUSIONS = 500
MAX_CONFUSED = 20
MAX_WORST = 20


def per_class(y: Ints, guessed: Ints, classes: Sequence[str]) -> tuple[ClassReport, ...]:
    """One a class that has test rows."""
    numbers = np.unique(y)
    found = precision_recall_fscore_support(y, guessed, labels=numbers, zero_division=0)
    columns = zip(numbers, *found, strict=True)
    return tuple(
        ClassReport(classes[n], float(p), float(r), float(f), int(s)) for n, p, r, f, s in columns
    )


def macro_f1(y: Ints, guessed: Ints) -> float:
    """Mean F1 of the classes that have test rows."""
    found = precision_recall_fscore_support(y, guessed, labels=np.unique(y), zero_division=0)
    return float(found[2].mean())


def confusions(y: Ints, guessed: Ints, classes: Sequence[str], rows: Ints) -> tuple[Confusion, ...]:
    """The largest off-diagonal pairs, with the numbers of their first rows."""
    wrong = y != guessed
    pairs, place, counts = np.unique(
        np.stack([y[wrong], guessed[wrong]], axis=1),
        axis=0,
        return_inverse=True,
        return_counts=True,
    )
    order = np.argsort(-counts, kind="stable")[:MAX_CONFUSIONS]
    return tuple(
        Confusion(
            classes[pairs[i][0]], classes[pairs[i][1]], int(counts[i]),
            tuple(rows[wrong][place == i][:MAX_CONFUSED].tolist()),
        )
        for i in order
    )  # fmt: skip


def calibration_bins(probabilities: Doubles, y: Ints) -> tuple[CalibrationBin, ...]:
    """BINS of equal width over the top probability; the last includes 1."""
    top, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == y
    place = np.minimum((top * BINS).astype(int), BINS - 1)
    found = []
    for number in range(BINS):
        is_in = place == number
        rows = int(is_in.sum())
        confidence = float(top[is_in].mean()) if rows else 0.0
        accuracy = float(right[is_in].mean()) if rows else 0.0
        low, high = number / BINS, (number + 1) / BINS
        found.append(CalibrationBin(low, high, rows, confidence, accuracy))
    return tuple(found)


def ece(bins: Sequence[CalibrationBin]) -> float:
    """Expected calibration error: the bins' |accuracy - confidence|, weighed by their rows."""
    rows = sum(each.rows for each in bins)
    return sum(each.rows * abs(each.accuracy - each.confidence) for each in bins) / max(rows, 1)


def worst_rows(
    probabilities: Doubles, y: Ints, classes: Sequence[str], texts: Sequence[str], rows: Ints
) -> tuple[WorstRow, ...]:
    """Wrong answers, most confident first."""
    guessed, top = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = np.flatnonzero(guessed != y)
    order = wrong[np.argsort(-top[wrong], kind="stable")][:MAX_WORST]
    return tuple(
        WorstRow(int(rows[i]), texts[i], classes[y[i]], classes[guessed[i]], float(top[i]))
        for i in order
    )
