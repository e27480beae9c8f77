"""What a model promises of its answers, and whether it keeps that. All shares are 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from store.records.binomial import interval, upper_bound

DEFAULT_CONFIDENCE = 0.95
"""Of intervals where nothing was promised."""


class Verdict(StrEnum):
    KEPT = "KEPT"
    BROKEN = "BROKEN"
    TOO_FEW = "TOO_FEW"


@dataclass(frozen=True, slots=True)
class Risk:
    """Wrong answers among `answered` ones, with the interval that their number leaves."""

    answered: int
    wrong: int
    low: float
    high: float
    """Clopper and Pearson's exact two-sided interval."""

    @classmethod
    def seen(cls, answered: int, wrong: int, confidence: float) -> Risk:
        return cls(answered, wrong, *interval(wrong, answered, confidence))

    @property
    def share(self) -> float | None:
        return self.wrong / self.answered if self.answered else None

    def verdict(self, promised: float, confidence: float) -> Verdict:
        """BROKEN where the whole interval lies over the promise; TOO_FEW where so few were looked
        at that even without a mistake they would not speak for it."""
        if self.low > promised:
            return Verdict.BROKEN
        if upper_bound(0, self.answered, confidence) > promised:
            return Verdict.TOO_FEW
        return Verdict.KEPT


@dataclass(frozen=True, slots=True)
class ClassPromise:
    """A label with rows enough for a threshold of its own."""

    label: str
    threshold: float
    test_rows: int
    """Test rows that were given this label."""
    risk: Risk


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """What the test would have been, answered from `threshold` on, whatever the label."""

    threshold: float
    answered_share: float
    risk: float


@dataclass(frozen=True, slots=True)
class Promise:
    """Chosen on rows held out from what was learnt, judged on the test rows."""

    asked_risk: float | None
    promised_risk: float | None
    """As asked, or the least that can be promised; None where nothing was asked, or nothing can
    be."""
    confidence: float
    chosen_on: int
    """Held-out rows that the thresholds were chosen on."""
    threshold: float | None
    """Probability over which labels without a threshold of their own are answered; None answers
    none of them."""
    risk: Risk
    """Over the answered test rows."""
    answered_share: float
    verdict: Verdict | None
    """None where nothing is promised."""
    classes: tuple[ClassPromise, ...]
    curve: tuple[RiskPoint, ...]
    asked_coverage: float
    coverage: float
    """Share of the test rows whose label is in their prediction set."""
    set_size: float
    """Labels in a prediction set, on average."""
    out_threshold: float | None
    """`ood_score` over which a text is out of distribution; None calls none so."""
    asked_out_share: float
    out_share: float
    """Share of the test rows that were called so, though they are like those learnt from."""


@dataclass(frozen=True, slots=True)
class LivePromise:
    """The promise against what people said of the answers that were given."""

    promised_risk: float | None
    answered: int
    confirmed: int
    """Answers corrected to the label that they had."""
    risk: Risk
    """Among the reviewed answers."""
    verdict: Verdict | None
    """None where nothing is promised."""

    @classmethod
    def seen(cls, made: Promise | None, *, answered: int, reviewed: int, wrong: int) -> LivePromise:
        """`made` is the report's."""
        confidence = made.confidence if made else DEFAULT_CONFIDENCE
        promised = made.promised_risk if made else None
        risk = Risk.seen(reviewed, wrong, confidence)
        verdict = None if promised is None else risk.verdict(promised, confidence)
        return cls(promised, answered, reviewed - wrong, risk, verdict)

    @property
    def least_risk(self) -> float | None:
        """Share wrong if every answer that nobody reviewed was right."""
        return self.risk.wrong / self.answered if self.answered else None
