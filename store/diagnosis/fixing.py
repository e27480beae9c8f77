"""The fixes that several rules offer."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from store.diagnosis.case import Case
from store.diagnosis.findings import Fix, PurgeAgain, ReadAgain, RunAgain
from store.records.dataset import Columns, Reading
from store.records.job import JobKind


def again(case: Case, label: str = "Do it again as it was") -> Fix:
    """The same once more: a rejected version is final, so its file is read into a new one."""
    if case.job.kind is JobKind.PURGE:
        return Fix("again", label, PurgeAgain(case.job.purges or ""))
    if case.is_rejected:
        return reading(case, "again", label)
    return Fix("again", label, RunAgain())


def training(case: Case, id: str, label: str, **changes: Any) -> Fix:
    """A training by the same spec but for `changes`."""
    return Fix(id, label, RunAgain(replace(case.spec, **changes)))


def reading(
    case: Case, id: str, label: str, *, columns: Columns | None = None, **changes: Any
) -> Fix:
    """A new version of the same file, read as before but for `changes`."""
    return Fix(id, label, ReadAgain(replace(asked(case), **changes), columns or columns_of(case)))


def asked(case: Case) -> Reading:
    """How the file was to be read."""
    return Reading() if case.version is None else case.version.source.reading


def columns_of(case: Case) -> Columns:
    """The columns that were asked for."""
    return case.version.columns if case.version else Columns()
