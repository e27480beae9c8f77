"""Answers of a published model, as they were given."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from store.errors import IllegalMove


class Review(StrEnum):
    """What somebody made of a correction who is responsible for the model."""

    ACCEPTED = "ACCEPTED"
    REJECTED = "REJECTED"


class Decision(StrEnum):
    """What a model makes of a text."""

    ANSWER = "ANSWER"
    ABSTAIN = "ABSTAIN"
    OUT_OF_DISTRIBUTION = "OUT_OF_DISTRIBUTION"


def decision_of(abstained: bool, decision: Decision | None) -> Decision:
    """`decision`, and what it was where answers did not tell it yet."""
    return decision or (Decision.ABSTAIN if abstained else Decision.ANSWER)


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
    name: str | None = None
    """What its file calls it: the header of a sequence."""
    identity: float | None = None
    """Sequences: share of the shorter one's letters that agree in the best alignment."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an inference worker says of one text."""

    label: str
    """The likeliest label, also when the answer abstains."""
    probability: float
    abstained: bool
    """It was decided not to ANSWER."""
    scores: tuple[Score, ...]
    """Most probable first, top-k."""
    cluster: int
    cluster_name: str
    neighbours: tuple[Neighbour, ...] = ()
    truncated: bool = False
    decision: Decision | None = None
    """None where it was made before decisions were told; see `decided`."""
    prediction_set: tuple[str, ...] = ()
    """Most probable first: the labels among which the right one is with the coverage asked for."""
    ood_score: float | None = None
    """How unlike the rows learnt from it is: 0 for the mean of such rows, in their deviations."""
    ood_threshold: float | None = None
    """Over it a text is OUT_OF_DISTRIBUTION; None where nothing is called so."""

    @property
    def decided(self) -> Decision:
        return decision_of(self.abstained, self.decision)


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
    decision: Decision | None = None
    """None in records from before decisions were told; see `decided`."""
    review: Review | None = None
    """Of the correction; None while nobody has looked at it."""
    reviewed_by: str | None = None
    reviewed_at: datetime | None = None
    round_id: str | None = None
    """The round of learning that took the correction up."""

    @property
    def decided(self) -> Decision:
        return decision_of(self.abstained, self.decision)

    def corrected(self, label: str, by: str, at: datetime) -> Prediction:
        """Another word on it is to be reviewed, and learnt, anew."""
        return replace(
            self, correction=label, corrected_by=by, corrected_at=at, review=None,
            reviewed_by=None, reviewed_at=None, round_id=None,
        )  # fmt: skip

    def reviewed(self, review: Review, by: str, at: datetime) -> Prediction:
        if self.correction is None:
            raise IllegalMove(f"prediction {self.id} has no correction")
        if self.round_id is not None:
            raise IllegalMove(f"the correction of {self.id} was learnt from already")
        return replace(self, review=review, reviewed_by=by, reviewed_at=at)

    def learnt(self, round_id: str) -> Prediction:
        """What its correction says is a row of that round's data set version."""
        return replace(self, round_id=round_id)
