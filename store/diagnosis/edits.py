"""Lists of edits that could not be applied."""

from __future__ import annotations

from store.diagnosis.case import Case
from store.diagnosis.findings import Diagnosis


def bad_list(case: Case) -> Diagnosis:
    """BAD_EDIT, UNKNOWN_ROW: only another list helps."""
    cause = "The list of edits asks for what cannot be done, so that nothing was changed."
    return Diagnosis(cause, (case.said(),), case.concerned())
