"""The rules of a model, from the scores of rows that were held out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from store.records.training import ClassifierSpec, PromiseSpec
from workers.pipeline.arrays import Doubles, Floats, Ints
from workers.pipeline.notes import note, warn
from workers.pipeline.promise.control import Control, Held, control
from workers.pipeline.promise.judging import Promised
from workers.pipeline.promise.novelty import Exemplars, Novelty, Scale
from workers.pipeline.promise.quantiles import out_above, set_from
from workers.pipeline.promise.rules import ALWAYS, NEVER, Rules


@dataclass(frozen=True)
class HeldOut:
    """m rows as they were scored by models that had not learnt from them."""

    rows: Ints
    """(m,): their places among the vectors."""
    folds: Ints
    """(m,): rows of one fold were held out together."""
    y: Ints
    probabilities: Doubles
    """(m, k)"""

    @property
    def classes(self) -> int:
        return int(self.probabilities.shape[1])


@dataclass(frozen=True)
class Chosen:
    rules: Rules
    scale: Scale
    promised: Promised


@dataclass(frozen=True)
class Learnt:
    """n rows as they are known by the classifier that answers."""

    vectors: Floats
    """(n, d)"""
    y: Ints
    """(n,): classes, -1 where not learnt from."""
    weights: Floats
    """(d, k): from vectors to logits."""


def choose(
    held: HeldOut, learnt: Learnt, promise: PromiseSpec, classifier: ClassifierSpec
) -> Chosen:
    """The rules for texts like those held out."""
    doubt, distance = _signs(held, learnt)
    scale = Scale.over(doubt, distance)
    scores = scale.score(doubt, distance)
    rules = Rules(
        above=(ALWAYS,) * held.classes,
        abstain_below=classifier.abstain_below,
        set_from=set_from(held.probabilities, held.y, promise.coverage),
        out_above=out_above(scores, promise.out_share),
    )
    best, probability = held.probabilities.argmax(axis=1), held.probabilities.max(axis=1)
    is_known = np.array([not rules.is_out(float(score)) for score in scores], np.bool_)
    is_open = is_known & (probability >= classifier.abstain_below)
    known = Held(probability, best, best != held.y).of(is_open)
    _tell_out(rules, len(scores))
    if promise.max_risk is None:
        return Chosen(rules, scale, Promised(None, ALWAYS, (), len(known)))
    found = control(known, held.classes, promise.max_risk, 1 - promise.confidence)
    _tell(found, known, promise)
    own = tuple(int(each) for each in found.own)
    above = tuple(float(each) for each in found.above)
    promised = Promised(found.promised, found.threshold, own, len(known))
    return Chosen(replace(rules, above=above), scale, promised)


def _signs(held: HeldOut, learnt: Learnt) -> tuple[Doubles, Doubles]:
    """Doubt and distance of the held-out rows; no row is looked for among those of its fold.

    The classifier's view of them is the final one's, which has learnt from them: on banking77 and
    clinc150 they lie no nearer for that than test rows do.
    """
    doubt, distance = np.zeros(len(held.rows)), np.zeros(len(held.rows))
    for fold in np.unique(held.folds):
        is_in = held.folds == fold
        others = learnt.y.copy()
        others[held.rows[is_in]] = -1
        exemplars = Exemplars.of(others, held.classes)
        novelty = Novelty.made(learnt.vectors, exemplars, learnt.weights)
        found = novelty.signs(held.probabilities[is_in], learnt.vectors[held.rows[is_in]])
        doubt[is_in], distance[is_in] = found
    return doubt, distance


def _tell(found: Control, held: Held, promise: PromiseSpec) -> None:
    """What is promised; a warning where that is less than was asked for."""
    asked, sure = promise.max_risk or 0.0, f"{promise.confidence:.0%} sure"
    over = held.probability > found.above[held.guessed]
    told = {"rows": len(held), "answered": int(over.sum()), "own_thresholds": len(found.own)}
    if found.promised != asked:
        least = "nothing" if found.promised is None else f"at most {found.promised:.1%}"
        warn(
            f"at most {asked:.1%} wrong cannot be promised from {len(held):,} rows held out, "
            f"{least} can ({sure}): more rows, or a higher risk, would help",
            **told,
        )
        return
    note(f"at most {asked:.1%} wrong is promised ({sure})", **told)
    if found.threshold >= NEVER:
        warn("labels without a threshold of their own are never answered", **told)


def _tell_out(rules: Rules, rows: int) -> None:
    if rules.out_above is None:
        note("no text is called out of distribution", rows=rows)
    else:
        note("texts are out of distribution over this score", score=rules.out_above, rows=rows)
