"""The rows of a training, before and after some of them are corrected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.records.dataset import Problem
from store.records.trial import RowFix
from workers.pipeline.arrays import Ints, Mask
from workers.pipeline.progress import BadData
from workers.pipeline.stages.refusal import refusal

MAX_SHOWN = 20
"""Rows that a refusal points at."""


@dataclass(frozen=True)
class Known:
    """n rows as their training called and cut them."""

    numbers: Ints
    """(n,): a sequence is followed by its pieces, which have its number."""
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
    """Test rows with a class that no fix changes. Of a sequence the whole alone: its pieces are no
    witnesses of their own."""
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
    after = _made(known, fixes)
    changed = after != known.y
    learnt, test, used = (
        len(np.unique(known.numbers[changed & part]))
        for part in (known.train, known.test, known.train | known.test)
    )
    found = Corrected(
        known=known,
        after=after,
        judged=known.test & (known.y >= 0) & ~changed & _is_whole(known),
        learnt_fixes=learnt,
        test_fixes=test,
        idle_fixes=len(fixes) - used,
    )
    _check(found)
    return found


def _made(known: Known, fixes: Sequence[RowFix]) -> Ints:
    """(n,): the classes with the fixes made."""
    strange = sorted({fix.row for fix in fixes} - set(known.numbers.tolist()))
    if strange:
        raise _not_used(strange)
    number = {label: place for place, label in enumerate(known.classes)}
    fixed = {fix.row: -1 if fix.label is None else number[fix.label] for fix in fixes}
    places = np.flatnonzero(np.isin(known.numbers, list(fixed)))
    after = known.y.copy()
    after[places] = [fixed[row] for row in known.numbers[places].tolist()]
    return after


def _is_whole(known: Known) -> Mask:
    found = np.zeros(len(known.numbers), np.bool_)
    found[np.unique(known.numbers, return_index=True)[1]] = True
    return found


def _not_used(rows: Sequence[int]) -> BadData:
    reason = f"{len(rows):,} of the fixed rows were not used by the training"
    fix = "leave them out of the trial: the version has no such row, or it was left out as empty, "
    fix += "as a copy, of a rare label or beyond the sample"
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
