"""Drift: how far what a model is asked now is from what it learnt. All shares are 0 to 1.

Days are compared with the rows that were held out from the training, as the same version answers
both. A sign has drifted where its value is larger than chance makes it: what is compared is dealt
out anew PERMUTATIONS times, and the value has to exceed what LEVEL, shared among the signs, allows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from store.records.prediction import Decision

LEVEL = 0.01
"""Chance that a day like the held-out rows is called DRIFTED."""


class DriftSign(StrEnum):
    INPUT = "INPUT"
    NOVELTY = "NOVELTY"
    LABELS = "LABELS"
    CONFIDENCE = "CONFIDENCE"


class DriftVerdict(StrEnum):
    QUIET = "QUIET"
    DRIFTED = "DRIFTED"
    TOO_FEW = "TOO_FEW"


@dataclass(frozen=True, slots=True)
class DriftFigure:
    """
    INPUT       squared maximum mean discrepancy of the vectors, unbiased (Gretton et al. 2012)
    NOVELTY     mean of the texts' ranks by strangeness among both, 0 to 1, to the tenth power: 0.09
                by chance (Conover and Salsburg 1988)
    LABELS      Jensen-Shannon distance, base 2, of the labels given (Lin 1991)
    CONFIDENCE  Kolmogorov-Smirnov distance of the probabilities of the labels given
    """

    sign: DriftSign
    value: float
    threshold: float
    """It has drifted where the value is larger."""
    p_value: float
    """By permutation, 1 / (PERMUTATIONS + 1) at least."""
    stability_index: float | None
    """Population stability index (Siddiqi 2006) of LABELS, and of CONFIDENCE by tenths of the
    held-out rows."""

    @property
    def drifted(self) -> bool:
        return self.value > self.threshold


@dataclass(frozen=True, slots=True)
class LabelMove:
    """How often a label was given."""

    label: str
    share: float
    held_out_share: float


@dataclass(frozen=True, slots=True)
class DriftExample:
    """A text with the row learnt from that is nearest to it."""

    prediction_id: str
    text: str
    label: str
    probability: float
    decision: Decision
    strangeness: float
    """Its `ood_score`; of models that tell none, its distance to the nearest row."""
    nearest_text: str
    nearest_label: str
    cosine: float


@dataclass(frozen=True, slots=True)
class DriftPeriod:
    """A day, by UTC, or the whole window."""

    begins: datetime
    predictions: int
    read: int
    """Of these; fewer where they were sampled."""
    texts: int
    """Different ones among those read, without `learnt_texts`: these are compared."""
    learnt_texts: int
    """Texts that are rows learnt from, letter for letter."""
    out_share: float
    """Of the predictions read, OUT_OF_DISTRIBUTION."""
    abstained_share: float
    """Of the predictions read, ABSTAIN."""
    mean_confidence: float
    verdict: DriftVerdict
    message: str
    advice: str | None
    """What to do about it; None where nothing is."""
    figures: tuple[DriftFigure, ...]
    """One a sign; none where there are too few texts."""
    moves: tuple[LabelMove, ...]
    """Labels that account for most of the distance, at most 10."""
    examples: tuple[DriftExample, ...]
    """The strangest texts, at most 5."""


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What is compared with: rows of the training's data that the version did not learn from."""

    rows: int
    out_share: float
    abstained_share: float
    mean_confidence: float
    mean_cosine: float
    """To the nearest row learnt from."""


@dataclass(frozen=True, slots=True)
class HoleDay:
    begins: datetime
    predictions: int
    """Of those read."""


@dataclass(frozen=True, slots=True)
class Hole:
    """Texts that belong together, where nothing like them was learnt."""

    number: int
    """0 for the largest."""
    name: str
    keywords: tuple[str, ...]
    texts: int
    predictions: int
    """Of those read."""
    a_day: float
    """Predictions on a day with traffic, as far as those read speak for all."""
    answered_share: float
    """Of these predictions, answered nevertheless."""
    nearest_label: str
    """Of the nearest rows learnt from, the most frequent one."""
    nearest_share: float
    mean_cosine: float
    """To the nearest row learnt from."""
    days: tuple[HoleDay, ...]
    examples: tuple[DriftExample, ...]
    """The most typical texts, at most 5."""
    candidates: tuple[str, ...]
    """Predictions in the order in which their labels teach most, at most 100."""


@dataclass(frozen=True, slots=True)
class DriftFindings:
    held_out: HeldOut
    overall: DriftPeriod
    days: tuple[DriftPeriod, ...]
    """Oldest first; days without a prediction are left out."""
    holes: tuple[Hole, ...]
    """Largest first, at most 20."""
    strange: tuple[str, ...]
    """Predictions on strange or doubtful texts in no hole, in the order in which their labels teach
    most, at most 100."""
    message: str

    @property
    def drifted(self) -> tuple[DriftPeriod, ...]:
        return tuple(day for day in self.days if day.verdict is DriftVerdict.DRIFTED)


@dataclass(frozen=True, slots=True)
class DriftReport:
    id: str
    owner_id: str
    job_id: str
    model_id: str
    model_version_id: str
    dataset_id: str
    """That the version learnt from: its rows are shown."""
    created_at: datetime
    since: datetime
    until: datetime
    texts: int
    """How many predictions to read at most."""
    asked_by: str | None
    """Only answers to this user are read; None for everybody's."""
    measured_at: datetime | None = None
    findings: DriftFindings | None = None
    """None until they are known."""
    revision: int = 0

    def measured(self, findings: DriftFindings, at: datetime) -> DriftReport:
        """Told by a second attempt as well, the first one's stays."""
        return self if self.findings else replace(self, findings=findings, measured_at=at)


@dataclass(frozen=True, slots=True)
class Logged:
    """A prediction as far as drift is concerned."""

    id: str
    text: str
    label: str
    probability: float
    decision: Decision


@dataclass(frozen=True, slots=True)
class Traffic:
    """Of one day."""

    begins: datetime
    predictions: int
    """In the log."""
    read: tuple[Logged, ...]
    """All of them, or a fair sample; in their order."""
