"""Two versions of a model side by side: on rows that neither learnt from, and on what was asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from store.records.trial import ClassChange, Flip, HeadQuality, Interval, TrialVerdict


@dataclass(frozen=True, slots=True)
class Query:
    """A text that a model was asked, once, however often it was."""

    text: str
    times: int
    prediction_id: str
    """The newest answer to it."""
    correction: str | None
    """What somebody said that the answer should have been."""


@dataclass(frozen=True, slots=True)
class Exam:
    """Both versions on the labelled rows that neither learnt from."""

    verdict: TrialVerdict
    message: str
    rows: int
    learnt_rows: int
    """Labelled rows that were left out, for one of the two had learnt from such a text."""
    before: HeadQuality
    after: HeadQuality
    accuracy_before: Interval
    accuracy_after: Interval
    """Each by itself, by a bootstrap over the rows."""
    gain: Interval
    """Of accuracy, by the same resamples, pair by pair (Efron and Tibshirani 1993)."""
    p_value: float
    """McNemar's exact test, two-sided."""
    resamples: int
    level: float
    became_right: int
    became_wrong: int
    other_answers: int
    to_right: tuple[Flip, ...]
    to_wrong: tuple[Flip, ...]
    classes: tuple[ClassChange, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """Texts that were `before` and would be `after`."""

    before: str
    after: str
    texts: int
    times: int
    """How often they were asked."""


@dataclass(frozen=True, slots=True)
class Turned:
    """A text whose answer would be another."""

    text: str
    times: int
    prediction_id: str
    before: str
    after: str
    before_probability: float
    after_probability: float
    correction: str | None


@dataclass(frozen=True, slots=True)
class Replay:
    """Both versions on what the model was asked last."""

    texts: int
    times: int
    changed_texts: int
    changed_times: int
    refused_before: int
    refused_after: int
    """Texts that a version would not answer."""
    changes: tuple[Change, ...]
    """The most frequent first, at most 100."""
    turned: tuple[Turned, ...]
    """Those asked most often first, at most 100."""
    reviewed: int
    """Texts of which somebody said what the answer should be."""
    right_before: int
    right_after: int


@dataclass(frozen=True, slots=True)
class Comparison:
    id: str
    owner_id: str
    job_id: str
    model_id: str
    before_id: str
    after_id: str
    """Versions of models that read the same kind of data."""
    dataset_id: str
    created_at: datetime
    queries: int
    """How many of the last answers to go back over."""
    asked_by: str | None
    """Only answers to this user are replayed; None for everybody's."""
    exam: Exam | None = None
    """None until it is known, and where there is no row that it could be held on."""
    replay: Replay | None = None
    """None until it is known."""
    revision: int = 0

    def compared(self, exam: Exam | None, replay: Replay) -> Comparison:
        """Told by a second attempt as well, the first one's stays."""
        return self if self.replay else replace(self, exam=exam, replay=replay)
