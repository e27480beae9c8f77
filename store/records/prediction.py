"""Answers of a published model, as they were given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Score:
    label: str
    probability: float


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A training row near the text: the answer's explanation."""

    row: int
    text: str
    label: str | None
    cosine: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What an inference worker says of one text."""

    label: str
    """The likeliest label, also when the answer abstains."""
    probability: float
    abstained: bool
    scores: tuple[Score, ...]
    """Most probable first, top-k."""
    cluster: int
    cluster_name: str
    neighbours: tuple[Neighbour, ...] = ()
    truncated: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """One logged answer."""

    id: str
    model_id: str
    model_version_id: str
    user_id: str
    text: str
    label: str
    probability: float
    abstained: bool
    cluster: int
    cached: bool
    latency_ms: float
    at: datetime
    correction: str | None = None
    corrected_by: str | None = None
    corrected_at: datetime | None = None
    revision: int = 0

    def corrected(self, label: str, by: str, at: datetime) -> Prediction:
        return replace(self, correction=label, corrected_by=by, corrected_at=at)
