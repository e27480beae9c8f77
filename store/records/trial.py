"""A trial: what corrected labels would change of a model, told before the data set is changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from store.errors import IllegalMove
from store.records.report import ClassReport


class TermsView(StrEnum):
    """What became of the words that the model reads beside the vectors."""

    UNUSED = "UNUSED"
    REFITTED = "REFITTED"
    KEPT = "KEPT"


class TrialVerdict(StrEnum):
    """What the paired interval and the exact test say together."""

    BETTER = "BETTER"
    WORSE = "WORSE"
    UNSURE = "UNSURE"
    UNCHANGED = "UNCHANGED"


@dataclass(frozen=True, slots=True)
class RowFix:
    """What a row should have been: of another label, or not there at all."""

    row: int
    """Its number in the data set's version."""
    label: str | None
    """None drops the row."""


@dataclass(frozen=True, slots=True)
class Interval:
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class HeadQuality:
    """Over test rows, under the temperature that the model has."""

    accuracy: float
    macro_f1: float
    log_loss: float


@dataclass(frozen=True, slots=True)
class Flip:
    """A test row whose answer changed between right and wrong."""

    row: int
    text: str
    actual: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ClassChange:
    label: str
    before: ClassReport
    after: ClassReport


@dataclass(frozen=True, slots=True)
class Judgement:
    """Both heads on the same test rows, none of which was fixed itself."""

    verdict: TrialVerdict
    message: str
    before: HeadQuality
    after: HeadQuality
    gain: Interval
    """Of accuracy, by a paired bootstrap over the test rows (Efron and Tibshirani 1993)."""
    log_loss_gain: Interval
    """How much smaller the log-loss became, by the same resamples."""
    p_value: float
    """McNemar's exact test, two-sided: right-to-wrong against wrong-to-right."""
    resamples: int
    level: float
    """Of the intervals, such as 0.95."""
    test_rows: int
    became_right: int
    became_wrong: int
    other_answers: int
    """Wrong before and after, with another label."""
    to_right: tuple[Flip, ...]
    to_wrong: tuple[Flip, ...]
    """The first of them, at most 20 each."""
    classes: tuple[ClassChange, ...]
    """Those that changed, by how much; at most 100."""
    learnt_fixes: int
    """Fixes of rows that the model learns from."""
    test_fixes: int
    """Fixes of test rows: they would change the yardstick, so those rows are not counted here."""
    idle_fixes: int
    """Fixes that change nothing: the row has that label already, or was left out."""
    train_rows: int
    """That the head learns from once the fixes are made."""
    terms: TermsView
    seconds: float = 0.0
    """From the job's start to here."""
    refit_seconds: float = 0.0
    """Of these, both fits."""


@dataclass(frozen=True, slots=True)
class Trial:
    id: str
    owner_id: str
    job_id: str
    model_id: str
    model_version_id: str
    dataset_id: str
    dataset_version_id: str
    created_at: datetime
    fixes: tuple[RowFix, ...]
    judgement: Judgement | None = None
    """None until its job has succeeded."""
    applied_version_id: str | None = None
    """The data set's version that has the fixes."""
    training_job_id: str | None = None
    """The training that begins once that version is ready."""
    revision: int = 0

    def judged(self, judgement: Judgement) -> Trial:
        """Told by a second attempt as well, the first one's stays."""
        return self if self.judgement else replace(self, judgement=judgement)

    def applied(self, version_id: str, training_job_id: str | None = None) -> Trial:
        """The fixes go into that version; told twice, the first training stays."""
        if self.judgement is None:
            raise IllegalMove("the trial has no result yet")
        return replace(
            self, applied_version_id=version_id,
            training_job_id=self.training_job_id or training_job_id,
        )  # fmt: skip

    def not_applied(self) -> Trial:
        """That version could not be made."""
        return replace(self, applied_version_id=None, training_job_id=None)
