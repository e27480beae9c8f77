"""What a promise is worth, on test rows that nothing was chosen on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.records.prediction import Decision
from store.records.promise import ClassPromise, Promise, Risk, RiskPoint
from store.records.training import PromiseSpec
from workers.pipeline.arrays import Doubles, Ints, Mask
from workers.pipeline.promise.rules import NEVER, Rules

POINTS = 20
"""Of the curve of risk over the share that is answered."""


@dataclass(frozen=True)
class Promised:
    """What `choosing` found, as the stage that judges it reads it."""

    risk: float | None
    threshold: float
    """Of labels without one of their own."""
    own: tuple[int, ...]
    chosen_on: int


@dataclass(frozen=True)
class Tested:
    """n test rows as the model answers them."""

    y: Ints
    probabilities: Doubles
    """(n, k)"""
    ood_scores: Doubles

    @property
    def best(self) -> Ints:
        return np.asarray(self.probabilities.argmax(axis=1), np.int64)

    def decided(self, rules: Rules) -> list[Decision]:
        rows = zip(self.best, self.probabilities.max(axis=1), self.ood_scores, strict=True)
        return [rules.decide(int(best), float(p), float(ood)) for best, p, ood in rows]


def judged(
    test: Tested, rules: Rules, promised: Promised, spec: PromiseSpec, classes: Sequence[str]
) -> Promise:
    """The rules applied to the test rows; `classes` are the labels."""
    decisions = np.array(test.decided(rules))
    answered = decisions == Decision.ANSWER
    risk = _risk(test, answered, spec)
    verdict = None if promised.risk is None else risk.verdict(promised.risk, spec.confidence)
    sizes, covered = _sets(test, rules)
    is_out = decisions == Decision.OUT_OF_DISTRIBUTION
    return Promise(
        asked_risk=spec.max_risk,
        promised_risk=promised.risk,
        confidence=spec.confidence,
        chosen_on=promised.chosen_on,
        threshold=_answerable(promised.threshold),
        risk=risk,
        answered_share=float(answered.mean()),
        verdict=verdict,
        classes=tuple(_of_class(test, answered, c, rules, spec, classes) for c in promised.own),
        curve=_curve(test, ~is_out),
        asked_coverage=spec.coverage,
        coverage=float(covered.mean()),
        set_size=float(sizes.mean()),
        out_threshold=rules.out_above,
        asked_out_share=spec.out_share,
        out_share=float(is_out.mean()),
    )


def _risk(test: Tested, answered: Mask, spec: PromiseSpec) -> Risk:
    wrong = int((test.best != test.y)[answered].sum())
    return Risk.seen(int(answered.sum()), wrong, spec.confidence)


def _of_class(  # noqa: PLR0917 -- a class, and all that it is judged by
    test: Tested,
    answered: Mask,
    number: int,
    rules: Rules,
    spec: PromiseSpec,
    classes: Sequence[str],
) -> ClassPromise:
    given = test.best == number
    return ClassPromise(
        label=classes[number],
        threshold=rules.above[number],
        test_rows=int(given.sum()),
        risk=_risk(test, answered & given, spec),
    )


def _sets(test: Tested, rules: Rules) -> tuple[Ints, Mask]:
    """The size of each row's prediction set, and whether its label is in it."""
    orders = np.argsort(-test.probabilities, axis=1, kind="stable")
    rows = zip(test.probabilities, orders, test.y, strict=True)
    sets = [(rules.prediction_set(p, order), label) for p, order, label in rows]
    sizes = np.array([len(found) for found, _ in sets], np.int64)
    return sizes, np.array([label in found for found, label in sets], np.bool_)


def _curve(test: Tested, known: Mask) -> tuple[RiskPoint, ...]:
    """Risk over the share answered, by one threshold for all classes, at POINTS even shares."""
    probability, wrong = test.probabilities.max(axis=1)[known], (test.best != test.y)[known]
    order = np.argsort(-probability, kind="stable")
    mistakes = np.cumsum(wrong[order])
    counts = np.unique(np.ceil(len(order) * np.arange(1, POINTS + 1) / POINTS).astype(int))
    return tuple(
        RiskPoint(float(probability[order][n - 1]), n / len(test.y), float(mistakes[n - 1] / n))
        for n in counts
        if n
    )


def _answerable(threshold: float) -> float | None:
    return None if threshold >= NEVER else threshold
