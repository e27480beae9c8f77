"""Suspected label errors by confident learning (Northcutt, Jiang and Chuang, 2021, JAIR 70).

A row's held-out probabilities make it a confident member of the likeliest class whose threshold
they reach: the mean probability of the class among the rows that carry its label. For each label,
the share of confident members of other classes among its confident members estimates how many of
its rows are wrong. As many as these are in all are then taken from the rows whose likeliest class
is another, by the odds of that class against their own.

On banking77 with 5 % of the labels flipped the first n of this order, n being how many were, held
95 % of them; by the normalised margin, which is customary, it was 84 %, and among the confident
members of other classes 77 %.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from store.records.edit import RowEdit
from store.records.quality import FindingKind
from workers.pipeline.arrays import Doubles, Ints, Mask, Places
from workers.pipeline.classifiers.head import softmax
from workers.pipeline.notes import note
from workers.pipeline.progress import Progress
from workers.pipeline.quality.held_out import BATCH, HeldOut, held_out
from workers.pipeline.quality.suspicion import Rows, Suspects, Suspicions

MIN_ROWS = 10
SHOWN = 3
"""Rows of the suggested class that are shown beside, those nearest."""
MAX_LOOKED_AT = 20_000
"""Rows of the suggested class among which the nearest are looked for."""


@dataclass(frozen=True)
class Doubts:
    """m labelled rows: the likeliest other class of each, and how likely it is beside its own."""

    places: Places
    own: Doubles
    other: Doubles
    suggested: Ints
    labels: Ints
    """(m,): its own class."""
    members: Ints
    """(m,): the class that it is a confident member of, -1 for none."""

    @property
    def odds(self) -> Doubles:
        """0 to 1: the other class's part of the two probabilities."""
        return self.other / np.maximum(self.own + self.other, 1e-300)

    @property
    def wrong(self) -> float:
        """How many labels are estimated to be wrong: the confident joint, calibrated."""
        is_member = self.members >= 0
        is_other = is_member & (self.members != self.labels)
        rows, members, others = (
            np.bincount(self.labels[mask], minlength=int(self.labels.max()) + 1)
            for mask in (np.ones_like(is_member), is_member, is_other)
        )
        return float((rows * others / np.maximum(members, 1)).sum())

    def suspected(self) -> Places:
        """Places among these rows, the most suspicious first."""
        doubted = np.flatnonzero(self.other > self.own)
        order = doubted[np.argsort(-self.odds[doubted], kind="stable")]
        return order[: round(self.wrong)]


def label_errors(
    rows: Rows, concerned: Mask, *, is_text: bool, seed: int, scratch: Path, progress: Progress
) -> tuple[Suspicions, float | None]:
    """The suspicions and the estimated share of wrong labels; None where nothing can be told."""
    suspects = Suspects(FindingKind.LABEL_ERROR, rows, concerned)
    doubts = doubts_of(rows, is_text=is_text, seed=seed, scratch=scratch, progress=progress)
    if doubts is None:
        return suspects.all(), None
    suspected, odds = doubts.suspected(), doubts.odds
    for at in suspected:
        place = int(doubts.places[at])
        suspects.count([place])
        if not suspects.is_full:
            _keep(suspects, doubts, int(at), float(odds[at]))
    return suspects.all(), len(suspected) / len(doubts.places)


def doubts_of(
    rows: Rows, *, is_text: bool, seed: int, scratch: Path, progress: Progress
) -> Doubts | None:
    """What held-out probabilities say of every labelled row; None where classes are too few."""
    labelled = np.flatnonzero(rows.y >= 0)
    if len(labelled) < MIN_ROWS or len(rows.classes) < 2:
        note("labels are not judged: there are too few", rows=len(labelled))
        return None
    texts = [rows.table.text[place] for place in labelled] if is_text else None
    y = rows.y[labelled]
    held = held_out(
        vectors=rows.vectors[labelled], texts=texts, y=y, groups=rows.table.group[labelled],
        count=len(rows.classes), seed=seed, scratch=scratch, progress=progress,
    )  # fmt: skip
    judged = np.flatnonzero(held.judged)
    if not len(judged):
        note("labels are not judged: no label has two different texts")
        return None
    thresholds = _thresholds(held, y, judged, len(rows.classes))
    parts = [_doubts(held, y, some, thresholds) for some in _batches(judged)]
    own, other, suggested, members = (np.concatenate(each) for each in zip(*parts, strict=True))
    return Doubts(labelled[judged], own, other, suggested, y[judged], members)


def _thresholds(held: HeldOut, y: Ints, judged: Places, count: int) -> Doubles:
    """(k,): mean probability of a class among the rows that carry its label; 2 for no rows."""
    total, rows = np.zeros(count), np.zeros(count)
    for some in _batches(judged):
        own = _probabilities(held, some)[np.arange(len(some)), y[some]]
        total += np.bincount(y[some], own, count)
        rows += np.bincount(y[some], minlength=count)
    return np.where(rows > 0, total / np.maximum(rows, 1), 2.0)


def _doubts(
    held: HeldOut, y: Ints, some: Places, thresholds: Doubles
) -> tuple[Doubles, Doubles, Ints, Ints]:
    probabilities, each = _probabilities(held, some), np.arange(len(some))
    own = probabilities[each, y[some]]
    confident = np.where(probabilities >= thresholds, probabilities, -1.0)
    members = np.where(confident.max(axis=1) >= 0, confident.argmax(axis=1), -1)
    probabilities[each, y[some]] = -1.0
    suggested = probabilities.argmax(axis=1)
    return own, probabilities[each, suggested], suggested, members


def _probabilities(held: HeldOut, some: Places) -> Doubles:
    return softmax(np.asarray(held.scores[some], np.float64) / held.temperature)


def _batches(places: Places) -> Iterator[Places]:
    for start in range(0, len(places), BATCH):
        yield places[start : start + BATCH]


def _keep(suspects: Suspects, doubts: Doubts, at: int, odds: float) -> None:
    rows, place = suspects.rows, int(doubts.places[at])
    given, suggested = rows.table.label[place], rows.classes[doubts.suggested[at]]
    message = (
        f"Labelled {given!r}, but it reads like {suggested!r}: {doubts.other[at]:.0%} against "
        f"{doubts.own[at]:.0%} by a classifier that had not seen it."
    )
    nearest = _nearest(rows, place, int(doubts.suggested[at]))
    evidence = rows.evidence([place]) + rows.evidence(nearest, beside=place, is_subject=False)
    edit = RowEdit(rows.number(place), label=suggested)
    suspects.keep(odds, message, [place], evidence, [edit])


def _nearest(rows: Rows, place: int, suggested: int) -> Places:
    """Rows that carry the suggested label, those nearest first."""
    members = np.flatnonzero(rows.y == suggested)[:MAX_LOOKED_AT]
    members = members[rows.table.group[members] != rows.table.group[place]]
    nearest: Places = members[np.argsort(-rows.cosines(members, place), kind="stable")[:SHOWN]]
    return nearest
