"""Fixes that cannot be tried."""

from __future__ import annotations

from store.diagnosis.case import Case
from store.diagnosis.findings import Diagnosis


def cannot_be_tried(case: Case) -> Diagnosis:
    """The refusal says what to do instead; the same fixes would be refused again."""
    return Diagnosis(case.said(), rows=case.concerned())
