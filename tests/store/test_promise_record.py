"""Exact bounds, and what they say of a promise."""

from __future__ import annotations

import pytest
from scipy.stats import beta, binom

from store.codec import from_plain, to_plain
from store.records.binomial import at_most, interval, lower_bound, upper_bound
from store.records.prediction import Answer, Decision, Prediction
from store.records.promise import LivePromise, Risk, Verdict

SEEN = [(0, 1), (1, 1), (0, 150), (3, 150), (50, 150), (149, 150), (150, 150), (700, 40_000)]


@pytest.mark.parametrize(("seen", "rows"), SEEN)
def test_bounds_are_those_of_clopper_and_pearson(seen: int, rows: int) -> None:
    upper = beta.ppf(0.95, seen + 1, rows - seen) if seen < rows else 1
    lower = beta.ppf(0.05, seen, rows - seen + 1) if seen else 0
    assert upper_bound(seen, rows, 0.95) == pytest.approx(upper, abs=1e-9)
    assert lower_bound(seen, rows, 0.95) == pytest.approx(lower, abs=1e-9)


@pytest.mark.parametrize("share", [0, 0.001, 0.02, 0.5, 0.98, 1])
@pytest.mark.parametrize(("seen", "rows"), SEEN)
def test_chances_are_binomial(seen: int, rows: int, share: float) -> None:
    assert at_most(seen, rows, share) == pytest.approx(binom.cdf(seen, rows, share), abs=1e-9)


def test_nothing_seen_says_nothing() -> None:
    assert interval(0, 0, 0.95) == (0, 1)
    assert Risk.seen(0, 0, 0.95).share is None


@pytest.mark.parametrize(
    ("answered", "wrong", "verdict"),
    [
        (0, 0, Verdict.TOO_FEW),
        (148, 0, Verdict.TOO_FEW),  # 0.98 ** 148 > 0.05
        (149, 0, Verdict.KEPT),
        (1_000, 20, Verdict.KEPT),
        (1_000, 29, Verdict.KEPT),
        (1_000, 31, Verdict.BROKEN),
        (3, 3, Verdict.BROKEN),
    ],
)
def test_a_verdict_needs_an_interval(answered: int, wrong: int, verdict: Verdict) -> None:
    assert Risk.seen(answered, wrong, 0.95).verdict(0.02, 0.95) is verdict


def test_a_model_that_promised_nothing_has_no_verdict() -> None:
    live = LivePromise.seen(None, answered=10, reviewed=4, wrong=1)
    assert (live.verdict, live.promised_risk, live.confirmed) == (None, None, 3)
    assert (live.least_risk, live.risk.share) == (0.1, 0.25)
    assert LivePromise.seen(None, answered=0, reviewed=0, wrong=0).least_risk is None


@pytest.mark.parametrize(
    ("abstained", "told", "decided"),
    [
        (False, {}, Decision.ANSWER),
        (True, {}, Decision.ABSTAIN),
        (True, {"decision": "OUT_OF_DISTRIBUTION"}, Decision.OUT_OF_DISTRIBUTION),
    ],
)
def test_answers_from_before_decisions_are_read(
    abstained: bool, told: dict[str, str], decided: Decision
) -> None:
    answer = Answer("a", 0.5, abstained, (), 0, "")
    old = {k: v for k, v in to_plain(answer).items() if k != "decision"} | told
    assert from_plain(Answer, old).decided is decided
    record = {
        "id": "prd_1", "model_id": "m", "model_version_id": "v", "user_id": "u", "text": "t",
        "label": "a", "probability": 0.5, "abstained": abstained, "cluster": 0, "cached": False,
        "latency_ms": 1.0, "at": "2026-01-01T00:00:00Z",
    }  # fmt: skip
    assert from_plain(Prediction, record | told).decided is decided
