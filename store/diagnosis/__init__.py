"""Why a job failed, and what would help: pure rules over what its records know."""

from store.diagnosis.findings import (
    Action,
    ConcernedRow,
    Diagnosis,
    Fix,
    PurgeAgain,
    ReadAgain,
    RunAgain,
)
from store.diagnosis.rules import diagnose

__all__ = [
    "Action",
    "ConcernedRow",
    "Diagnosis",
    "Fix",
    "PurgeAgain",
    "ReadAgain",
    "RunAgain",
    "diagnose",
]
