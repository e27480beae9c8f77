"""The rows of a training, before and after some of them are corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.records.dataset import Problem
from store.records.trial import RowFix
from workers.pipeline.arrays import Ints, Mask, Places
from workers.pipeline.progress import BadData
from workers.pipeline.stages.refusal import refusal

MAX_SHOWN = 20
"""Rows that a refusal points at."""


@dataclass(frozen=True)
class Known:
    """n rows as their training called and cut them."""

    numbers: Ints
    y: Ints
    """(n,): -1 without a class."""
    train: Mask
    test: Mask
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Corrected:
    known: Known
    after: Ints
    """(n,): classes with the fixes made; -1 for dropped rows as well."""
    judged: Mask
    """Test rows with a class that no fix changes."""
    learnt_fixes: int
    test_fixes: int
    idle_fixes: int

    @property
    def learnt_before(self) -> Mask:
        return self.known.train & (self.known.y >= 0)

    @property
    def learnt_after(self) -> Mask:
        return self.known.train & (self.after >= 0)


def corrected(known: Known, fixes: Sequence[RowFix]) -> Corrected:
    """Make the fixes; each names a row of its own, and a label that is one of the classes.

    A label that was spread from a row's cluster stays spread as it was. Raises BadData for rows
    that the training did not use, and where too little would be left.
    """
    places = _places(known, fixes)
    number = {label: place for place, label in enumerate(known.classes)}
    after = known.y.copy()
    after[places] = [-1 if fix.label is None else number[fix.label] for fix in fixes]
    changed = after != known.y
    found = Corrected(
        known=known,
        after=after,
        judged=known.test & (known.y >= 0) & ~changed,
        learnt_fixes=int((changed & known.train).sum()),
        test_fixes=int((changed & known.test).sum()),
        idle_fixes=len(fixes) - int((changed & (known.train | known.test)).sum()),
    )
    _check(found)
    return found


def _places(known: Known, fixes: Sequence[RowFix]) -> Places:
    place = {int(row): at for at, row in enumerate(known.numbers)}
    strange = [fix.row for fix in fixes if fix.row not in place]
    if strange:
        raise _not_used(strange)
    return np.array([place[fix.row] for fix in fixes], np.intp)


def _not_used(rows: Sequence[int]) -> BadData:
    reason = f"{len(rows):,} of the fixed rows were not used by the training"
    fix = "leave them out of the trial: the version has no such row, or it was left out as empty, "
    fix += "of a rare label or beyond the sample"
    shown = (Problem("ROW_NOT_USED", "no row of the training", fix, row=row) for row in rows)
    return refusal("ROW_NOT_USED", reason, fix, tuple(shown)[:MAX_SHOWN])


def _check(found: Corrected) -> None:
    if len(np.unique(found.after[found.learnt_after])) < 2:
        raise refusal(
            "ONE_CLASS_LEFT",
            "with these fixes fewer than two classes would have rows to learn from",
            "try fewer of them",
        )
    if not found.judged.any():
        raise refusal(
            "NOTHING_TO_JUDGE_ON",
            "every test row is fixed, so there is nothing to compare both heads on",
            "try the fixes of rows that are learnt from alone",
        )
