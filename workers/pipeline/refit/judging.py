"""What a trial came to, in figures and in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from store.codec import to_plain
from store.records.trial import Judgement, TermsView, TrialVerdict
from workers.pipeline.arrays import Doubles
from workers.pipeline.refit.pairing import Exam, losses, mean_intervals, outcome, rightness


@dataclass(frozen=True)
class Counts:
    """Of fixes, and of the rows that are learnt from once they are made."""

    learnt_fixes: int
    test_fixes: int
    idle_fixes: int
    train_rows: int


def judgement(
    exam: Exam, before: Doubles, after: Doubles, counts: Counts, terms: TermsView
) -> Judgement:
    """Both heads' probabilities (n, k) of the exam's rows, compared row by row."""
    gain, log_loss_gain = mean_intervals(
        rightness(exam.y, after) - rightness(exam.y, before),
        losses(exam.y, before) - losses(exam.y, after),
    )
    found = Judgement(
        message="",
        log_loss_gain=log_loss_gain,
        test_rows=len(exam.y),
        terms=terms,
        **outcome(exam, before, after, gain),
        **to_plain(counts),
    )
    return replace(found, message=message(found))


def message(found: Judgement) -> str:
    """The whole of it in a few sentences that promise no more than was seen."""
    told = [_outcome(found)]
    if not found.learnt_fixes:
        told.append("None of the fixes changes a row that is learnt from.")
    if found.test_fixes:
        told.append(
            f"{_rows(found.test_fixes)} of the test would change: not counted here, since a test "
            "with other labels is another test."
        )
    if found.idle_fixes:
        told.append(f"{_rows(found.idle_fixes)} would stay as used now, or was left out before.")
    return " ".join(told)


def _outcome(found: Judgement) -> str:
    if found.verdict is TrialVerdict.UNCHANGED:
        return f"Every one of {found.test_rows:,} test rows gets the same answer as before."
    gain, rows = found.gain, f"{found.test_rows:,} test rows"
    seen = f"{_points(gain.value)} points of accuracy on {rows}, {found.level:.0%} interval "
    seen += f"{_points(gain.low)} to {_points(gain.high)}; {found.became_right:,} became right "
    seen += f"and {found.became_wrong:,} wrong"
    if found.verdict is not TrialVerdict.UNSURE:
        which = "better" if found.verdict is TrialVerdict.BETTER else "worse"
        return f"The fixes make the model {which}: {seen}."
    holds_zero = gain.low <= 0 <= gain.high
    why = "the interval contains 0" if holds_zero else f"p = {found.p_value:.2g} of an exact test"
    return (
        f"It cannot be told from chance ({why}): {seen}. Try more fixes at once, or test on more "
        "rows."
    )


def _points(share: float) -> str:
    return f"{100 * share:+.2f}"


def _rows(count: int) -> str:
    return "1 fixed row" if count == 1 else f"{count:,} fixed rows"
