"""The report's figures, by hand and against scikit-learn."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score

from store.records.report import ClassReport, Confusion
from workers.pipeline.metrics import (
    calibration_bins,
    confusions,
    ece,
    macro_f1,
    per_class,
    worst_rows,
)

CLASSES = ("a", "b", "c")
Y = np.array([0, 0, 0, 1, 1, 0])
GUESSED = np.array([0, 0, 1, 1, 2, 1])


def test_each_class_that_has_test_rows_is_reported() -> None:
    assert per_class(Y, GUESSED, CLASSES) == (
        ClassReport("a", 1.0, 0.5, pytest.approx(2 / 3), 4),
        ClassReport("b", pytest.approx(1 / 3), 0.5, pytest.approx(0.4), 2),
    )
    assert macro_f1(Y, GUESSED) == pytest.approx((2 / 3 + 0.4) / 2)


def test_macro_f1_agrees_with_scikit_learn() -> None:
    chance = np.random.default_rng(0)
    y, guessed = chance.integers(0, 5, 200), chance.integers(0, 5, 200)
    assert macro_f1(y, guessed) == pytest.approx(f1_score(y, guessed, average="macro"))


def test_confusions_are_ordered_by_their_rows() -> None:
    numbers = np.array([10, 11, 12, 13, 14, 15])
    assert confusions(Y, GUESSED, CLASSES, numbers) == (
        Confusion("a", "b", 2, (12, 15)),
        Confusion("b", "c", 1, (14,)),
    )
    assert confusions(Y, Y, CLASSES, numbers) == ()


def test_of_a_large_confusion_only_the_first_rows_are_named() -> None:
    y, guessed = np.zeros(50, int), np.ones(50, int)
    (found,) = confusions(y, guessed, CLASSES, np.arange(100, 150))
    assert (found.rows, found.numbers) == (50, tuple(range(100, 120)))


def test_calibration_error_is_zero_when_confidence_is_the_accuracy() -> None:
    probabilities = np.array([[0.75, 0.25]] * 4)
    bins = calibration_bins(probabilities, np.array([0, 0, 0, 1]))
    assert len(bins) == 15
    (full,) = [each for each in bins if each.rows]
    assert (full.low, full.rows, full.confidence, full.accuracy) == (11 / 15, 4, 0.75, 0.75)
    assert ece(bins) == 0


def test_calibration_error_weighs_bins_by_their_rows() -> None:
    probabilities = np.array([[1.0, 0.0]] * 3 + [[0.4, 0.6]])
    bins = calibration_bins(probabilities, np.array([0, 0, 1, 1]))
    assert bins[-1].rows == 3
    assert ece(bins) == pytest.approx(3 / 4 * (1 - 2 / 3) + 1 / 4 * 0.4)


def test_the_worst_rows_are_wrong_and_most_sure() -> None:
    probabilities = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7], [0.1, 0.9]])
    found = worst_rows(
        probabilities, np.array([0, 0, 0, 1]), CLASSES, ["p", "q", "r", "s"], np.arange(10, 14)
    )
    assert [(each.row, each.text, each.actual, each.predicted) for each in found] == [
        (11, "q", "a", "b"), (12, "r", "a", "b"),
    ]  # fmt: skip
    assert found[0].probability == 0.8
