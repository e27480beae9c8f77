"""A day, or the whole window, beside the held-out rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from store.records.drift import (
    DriftFigure,
    DriftPeriod,
    DriftSign,
    DriftVerdict,
    LabelMove,
    Traffic,
)
from store.records.prediction import Decision
from workers.pipeline.arrays import Doubles, Ints
from workers.pipeline.drift import words
from workers.pipeline.drift.asked import Asked
from workers.pipeline.drift.chance import Deal, divergences, figure, stability_index
from workers.pipeline.drift.seen import Seen

MIN_TEXTS = 20
"""With fewer on either side nothing is told."""
MAX_OWN, MAX_OTHERS = 500, 2_000
"""Texts that are compared; a fair sample of more."""
TENTHS = np.arange(0.1, 0.95, 0.1)
MAX_MOVES, MAX_EXAMPLES = 10, 5


@dataclass(frozen=True)
class Reference:
    """Held-out rows, as the model sees them."""

    seen: Seen
    classes: Sequence[str]


def period(
    asked: Asked, day: Traffic, held_out: Reference, seed: int, limit: int = MAX_OWN
) -> DriftPeriod:
    """One day, or all days as if they were one; `limit` texts of it are compared at most."""
    places = asked.places(day.read)
    own, n = asked.seen.of(places), max(len(day.read), 1)
    decided = [each.decision for each in day.read]
    figures = _figures(own, held_out, seed, limit)
    moves = _moves(own, held_out) if figures else ()
    strangest = np.argsort(-own.strangeness, kind="stable")[:MAX_EXAMPLES]
    return DriftPeriod(
        begins=day.begins,
        predictions=day.predictions,
        read=len(day.read),
        texts=len(own),
        learnt_texts=len({each.text for each in day.read}) - len(own),
        out_share=decided.count(Decision.OUT_OF_DISTRIBUTION) / n,
        abstained_share=decided.count(Decision.ABSTAIN) / n,
        mean_confidence=sum(each.probability for each in day.read) / n,
        verdict=_verdict(figures),
        message=words.message(figures, moves, own, held_out.seen),
        advice=words.advice(figures),
        figures=figures,
        moves=moves,
        examples=asked.examples(places[strangest]),
    )


def overall(asked: Asked, since: datetime, held_out: Reference, seed: int) -> DriftPeriod:
    """All days together: what a day has too little of may be seen here."""
    read = tuple(each for day in asked.days for each in day.read)
    window = Traffic(since, sum(day.predictions for day in asked.days), read)
    return period(asked, window, held_out, seed, MAX_OTHERS)


def _verdict(figures: Sequence[DriftFigure]) -> DriftVerdict:
    if not figures:
        return DriftVerdict.TOO_FEW
    drifted = any(each.drifted for each in figures)
    return DriftVerdict.DRIFTED if drifted else DriftVerdict.QUIET


def _figures(own: Seen, held_out: Reference, seed: int, limit: int) -> tuple[DriftFigure, ...]:
    if min(len(own), len(held_out.seen)) < MIN_TEXTS:
        return ()
    chance = np.random.default_rng(seed)
    own, others = _sampled(own, limit, chance), _sampled(held_out.seen, MAX_OTHERS, chance)
    deal = Deal.of(len(own), len(others), chance)
    strangeness = np.append(own.strangeness, others.strangeness)
    probability = np.append(own.probability, others.probability)
    labels, count = np.append(own.labels, others.labels), len(held_out.classes)
    bins = np.unique(np.quantile(others.probability, TENTHS))
    tenths = np.searchsorted(bins, probability)
    return (
        figure(DriftSign.INPUT, deal.discrepancy(np.vstack([own.vectors, others.vectors]))),
        figure(DriftSign.NOVELTY, deal.upper_ranks(strangeness)),
        figure(
            DriftSign.LABELS, deal.divergence(labels, count), _index(labels, len(own), count)
        ),
        figure(
            DriftSign.CONFIDENCE, deal.largest_gap(probability),
            _index(tenths, len(own), len(bins) + 1),
        ),
    )  # fmt: skip


def _sampled(seen: Seen, limit: int, chance: np.random.Generator) -> Seen:
    if len(seen) <= limit:
        return seen
    return seen.of(np.sort(chance.choice(len(seen), limit, replace=False)))


def _index(kinds: Ints, own: int, count: int) -> float:
    counts = (np.bincount(part, minlength=count) for part in (kinds[:own], kinds[own:]))
    return stability_index(*(each.astype(np.float64) for each in counts))


def _moves(own: Seen, held_out: Reference) -> tuple[LabelMove, ...]:
    count = len(held_out.classes)
    p, q = (_shares(each, count) for each in (own, held_out.seen))
    order = np.argsort(-divergences(p, q), kind="stable")[:MAX_MOVES]
    return tuple(
        LabelMove(held_out.classes[i], float(p[i]), float(q[i])) for i in order if p[i] != q[i]
    )


def _shares(seen: Seen, count: int) -> Doubles:
    return np.asarray(np.bincount(seen.labels, minlength=count) / len(seen), np.float64)
