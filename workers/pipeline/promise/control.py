"""Thresholds over which at most a given share of the answers is wrong.

Selective prediction with a guarantee (Geifman & El-Yaniv 2017), by testing (Angelopoulos et al.
2021, Learn then Test). Held-out rows are ordered by their probability, and thresholds are read off
at fixed shares of them, before a label is looked at. Among rows over such a threshold mistakes are
binomial, so each threshold has an exact test of `risk > max_risk`. The tests go from the surest
share down and hand on what they may err (the fallback procedure of Wiens 2003, named in Learn then
Test): that any threshold passes whose risk is too high has a chance of at most `level`.

Classes. The risk over several groups of rows lies between theirs, so groups that each keep a
promise keep it together. A class to which enough rows were given is a group of its own; half of
`level` is shared among such classes, the other half is for the rest: the other classes, with those
that passed no test. That these joined by their own mistakes only makes the test of the rest harder
(the events are associated: Harris 1960), so it errs no more often.

What is not covered: C, the terms' weight and the temperature were chosen on the same held-out rows,
by the log-loss over all of them; and rows were scored by models that learnt from fewer rows than
the one that answers, which is more often wrong than that, never meant to be less. The test rows
judge all of it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from store.records.binomial import at_most, upper_bound
from workers.pipeline.arrays import Doubles, Ints, Mask, Places
from workers.pipeline.promise.rules import ALWAYS, NEVER

SHARES = 100
"""Shares of the rows at which thresholds are tried, evenly spaced."""
ENOUGH_MISTAKES = 20
"""A class has rows enough for a threshold of its own where so many of them might be wrong."""


@dataclass(frozen=True)
class Held:
    """Rows held out: the likeliest class, its probability, and whether it is wrong."""

    probability: Doubles
    guessed: Ints
    is_wrong: Mask

    def of(self, rows: Mask) -> Held:
        return Held(self.probability[rows], self.guessed[rows], self.is_wrong[rows])

    def __len__(self) -> int:
        return len(self.guessed)


@dataclass(frozen=True)
class Control:
    """The thresholds (k,) of probability, and the risk that they keep."""

    above: Doubles
    promised: float | None
    """As asked, or the least that can be promised; None where not even that can be."""
    threshold: float
    """Of the classes that have none of their own; NEVER answers none of them."""
    own: Ints
    """The classes with thresholds of their own."""


def control(held: Held, classes: int, max_risk: float, level: float) -> Control:
    """Thresholds whose risk is at most `max_risk`, but for a chance of `level`.

    Where there are none: one for all classes with the least risk that can be promised.
    """
    own = _enough(held, classes, max_risk)
    each = level / 2 / max(len(own), 1)
    found = {int(c): lowest(held.of(held.guessed == c), max_risk, each) for c in own}
    passed = {c: threshold for c, threshold in found.items() if threshold is not None}
    rest = held.of(~np.isin(held.guessed, list(passed)))
    lowest_of_rest = lowest(rest, max_risk, level / 2 if len(own) else level)
    if not passed and lowest_of_rest is None:
        return _least(held, classes, level)
    threshold = NEVER if lowest_of_rest is None else lowest_of_rest
    above = np.full(classes, threshold)
    above[list(passed)] = list(passed.values())
    return Control(above, max_risk, threshold, np.array(sorted(passed), np.int64))


def lowest(held: Held, max_risk: float, level: float) -> float | None:
    """The lowest threshold that passes its test; None where none does."""
    found, may_err = None, 0.0
    for threshold, rows, wrong in _tried(held):
        may_err += level / SHARES
        if rows and at_most(wrong, rows, max_risk) <= may_err:
            found = threshold
        else:
            may_err = 0.0
    return found


def _enough(held: Held, classes: int, max_risk: float) -> Ints:
    """Classes with rows enough, as long as the others have them together; by counts alone."""
    counts = np.bincount(held.guessed, minlength=classes)
    enough = ENOUGH_MISTAKES / max_risk
    order = np.argsort(counts, kind="stable")
    rest = np.cumsum(counts[order])
    is_own = (counts[order] >= enough) & (
        (rest - counts[order] >= enough) | (rest == counts[order])
    )
    return np.sort(order[is_own])


def _least(held: Held, classes: int, level: float) -> Control:
    """Bounds that hold for all shares at once; the least of them."""
    best, threshold = 1.0, ALWAYS
    for tried, rows, wrong in _tried(held):
        bound = upper_bound(wrong, rows, 1 - level / SHARES)
        if bound < best:
            best, threshold = bound, tried
    promised = best if best < 1 else None
    return Control(np.full(classes, threshold), promised, threshold, np.empty(0, np.int64))


def _tried(held: Held) -> list[tuple[float, int, int]]:
    """Threshold, rows over it and mistakes among them, from the surest share to all rows."""
    order: Places = np.argsort(-held.probability, kind="stable")
    sorted_, wrong = held.probability[order], np.cumsum(held.is_wrong[order])
    ranks = np.ceil(len(held) * np.arange(1, SHARES) / SHARES).astype(np.intp)
    thresholds = [*sorted_[np.minimum(ranks, len(held) - 1)], ALWAYS] if len(held) else []
    rows = np.searchsorted(-sorted_, [-each for each in thresholds], side="left")
    return [
        (float(threshold), int(n), int(wrong[n - 1]) if n else 0)
        for threshold, n in zip(thresholds, rows, strict=True)
    ]
