"""A round of learning: corrections that went into a data set, and what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LearningRound:
    """Its data set version, training and comparison have ids from the start; they come in turn."""

    id: str
    owner_id: str
    """Who began it."""
    model_id: str
    dataset_id: str
    before_id: str
    """The model's version that is learnt beyond, and then compared with."""
    dataset_version_id: str
    """The one that has the corrected texts as rows."""
    prediction_ids: tuple[str, ...]
    rows: int
    """Texts that were appended: equal ones count once."""
    training_job_id: str | None
    comparison_job_id: str | None
    """None where only the data set was to grow."""
    sees_all: bool
    """Whether the comparison replays everybody's queries."""
    created_at: datetime
    revision: int = 0
