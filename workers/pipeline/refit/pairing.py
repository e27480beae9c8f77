"""Two heads on the same test rows: what changed, and whether it is more than chance.

The rows are judged in pairs. Most of them get the same answer from both heads, so the difference
is far surer than either accuracy alone. Its interval is a percentile bootstrap over the rows
(Efron and Tibshirani 1993, chapter 13). Where few answers changed that interval is too narrow: five
to right and none to wrong exclude 0, although a coin does as well once in sixteen times. So a gain
is only called one when McNemar's exact test (1947) agrees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np

from store.records.report import ClassReport
from store.records.trial import ClassChange, Flip, HeadQuality, Interval, TrialVerdict
from workers.pipeline.arrays import Doubles, Ints, Mask
from workers.pipeline.metrics import macro_f1, per_class

RESAMPLES = 2_000
LEVEL = 0.95
SEED = 0
DRAWN_AT_ONCE = 4_000_000
MAX_FLIPS = 20
MAX_CLASSES = 100
SMALLEST = 1e-12
"""Probability below which a wrong answer costs no more."""


@dataclass(frozen=True)
class Exam:
    """n rows that both heads answer; `y` is (n,), none of them -1."""

    classes: Sequence[str]
    y: Ints
    numbers: Ints
    texts: Sequence[str]


def outcome(exam: Exam, before: Doubles, after: Doubles, gain: Interval) -> dict[str, Any]:
    """What the records of a trial and of a comparison both tell, by field; `gain` of accuracy."""
    was, now = before.argmax(axis=1), after.argmax(axis=1)
    was_right, is_right = was == exam.y, now == exam.y
    to_right, to_wrong = is_right & ~was_right, was_right & ~is_right
    right, wrong = int(to_right.sum()), int(to_wrong.sum())
    p_value = exact_p(right, wrong)
    return {
        "verdict": verdict_of(gain, p_value, changed=bool((was != now).any())),
        "before": quality(exam.y, before),
        "after": quality(exam.y, after),
        "gain": gain,
        "p_value": p_value,
        "resamples": RESAMPLES,
        "level": LEVEL,
        "became_right": right,
        "became_wrong": wrong,
        "other_answers": int((~was_right & ~is_right & (was != now)).sum()),
        "to_right": flips(exam, was, now, to_right),
        "to_wrong": flips(exam, was, now, to_wrong),
        "classes": class_changes(exam, was, now),
    }


def rightness(y: Ints, probabilities: Doubles) -> Doubles:
    """(n,): 1 for each row whose likeliest class is its own, else 0."""
    return np.asarray(probabilities.argmax(axis=1) == y, np.float64)


def quality(y: Ints, probabilities: Doubles) -> HeadQuality:
    """Of one head; `probabilities` is (n, k)."""
    f1, loss = macro_f1(y, probabilities.argmax(axis=1)), float(losses(y, probabilities).mean())
    return HeadQuality(float(rightness(y, probabilities).mean()), f1, loss)


def losses(y: Ints, probabilities: Doubles) -> Doubles:
    """(n,): -log of the probability given to each row's class."""
    chosen = probabilities[np.arange(len(y)), y]
    return np.asarray(-np.log(np.maximum(chosen, SMALLEST)), np.float64)


def mean_intervals(*gains: Doubles) -> tuple[Interval, ...]:
    """Each gain's mean over the n rows, with its interval; the same rows are drawn for all."""
    together = np.stack(gains)
    chance, n = np.random.default_rng(SEED), together.shape[1]
    at_once = max(1, DRAWN_AT_ONCE // n)
    means = []
    for start in range(0, RESAMPLES, at_once):
        drawn = chance.integers(n, size=(min(at_once, RESAMPLES - start), n))
        means.append([gain[drawn].mean(axis=1) for gain in together])
    tails = [(1 - LEVEL) / 2, (1 + LEVEL) / 2]
    low, high = np.quantile(np.concatenate(means, axis=1), tails, axis=1)
    whole = zip(together.mean(axis=1), low, high, strict=True)
    return tuple(Interval(float(mean), float(lo), float(hi)) for mean, lo, hi in whole)


def exact_p(one: int, other: int) -> float:
    """Two-sided: how often a fair coin is as one-sided over as many throws."""
    throws, fewer = one + other, min(one, other)
    tail = sum(comb(throws, heads) for heads in range(fewer + 1))
    return min(1.0, float(2 * tail / 2**throws))


def verdict_of(gain: Interval, p_value: float, *, changed: bool) -> TrialVerdict:
    """By the interval and the exact test together."""
    if not changed:
        return TrialVerdict.UNCHANGED
    if p_value > 1 - LEVEL or gain.low <= 0 <= gain.high:
        return TrialVerdict.UNSURE
    return TrialVerdict.BETTER if gain.value > 0 else TrialVerdict.WORSE


def flips(exam: Exam, before: Ints, after: Ints, among: Mask) -> tuple[Flip, ...]:
    """The first rows of those `among`, with both answers."""
    return tuple(
        Flip(
            int(exam.numbers[i]), exam.texts[i], exam.classes[exam.y[i]],
            exam.classes[before[i]], exam.classes[after[i]],
        )
        for i in np.flatnonzero(among)[:MAX_FLIPS]
    )  # fmt: skip


def class_changes(exam: Exam, before: Ints, after: Ints) -> tuple[ClassChange, ...]:
    """Labels that are recognised otherwise than before, those with the largest change first."""
    reports = (per_class(exam.y, guessed, exam.classes) for guessed in (before, after))
    changes = [ClassChange(old.label, old, new) for old, new in zip(*reports, strict=True)]
    changed = [each for each in changes if each.before != each.after]
    changed.sort(key=lambda each: -abs(_f1_gain(each.before, each.after)))
    return tuple(changed[:MAX_CLASSES])


def _f1_gain(before: ClassReport, after: ClassReport) -> float:
    return after.f1 - before.f1
