"""A head fitted again to corrected labels: as good as a cold fit, and its gain told honestly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from store.records.dataset import DataKind
from store.records.trial import Judgement, RowFix, TermsView, TrialVerdict
from tests.workers.pipeline.training import KMERS, lay, run_until, sequences, topics
from workers.pipeline.arrays import Floats, Ints
from workers.pipeline.classifiers.fitting import fit_linear, weigh
from workers.pipeline.classifiers.head import Head, Linear, softmax
from workers.pipeline.progress import BadData
from workers.pipeline.refit import newton, terms
from workers.pipeline.refit.corrected import Known, corrected
from workers.pipeline.refit.judging import Counts, judgement
from workers.pipeline.refit.newton import fit_from
from workers.pipeline.refit.pairing import Exam, exact_p, mean_intervals
from workers.pipeline.refit.refitting import Material, refit
from workers.pipeline.refit.trying import run_judge, run_refit
from workers.pipeline.stages.clean import read_rows

CLASSES = ("ant", "bee", "cat", "dog")
C = 3.0
DIMENSIONS = 12


@dataclass(frozen=True)
class Made:
    """Rows around four middles, half of them tested; some of the others have a wrong label."""

    material: Material
    right: Ints
    flipped: Ints

    def fixes(self, rows: Sequence[int]) -> list[RowFix]:
        return [RowFix(int(row), CLASSES[self.right[row]]) for row in rows]


def made(rows: int = 600, share: float = 0.35, seed: int = 3) -> Made:
    """Every flip is from `ant` to `bee`: such errors move the border between both."""
    chance = np.random.default_rng(seed)
    right = chance.integers(len(CLASSES), size=rows)
    middles = chance.normal(size=(len(CLASSES), DIMENSIONS))
    vectors = (middles[right] + chance.normal(scale=1.4, size=(rows, DIMENSIONS))).astype(
        np.float32
    )
    test = np.arange(rows) % 2 == 0
    flipped = np.flatnonzero(~test & (right == 0) & (chance.random(rows) < share * 2))
    y = right.copy()
    y[flipped] = 1
    known = Known(np.arange(rows), y, ~test, test, CLASSES)
    linear = fit_linear(vectors[~test], y[~test], len(CLASSES), C)
    texts = [f"row {row}" for row in range(rows)]
    head = Head(CLASSES, linear, None, 0.0, 1.2)
    return Made(Material(known, texts, vectors, head, C), right, flipped)


def judged(material: Material, fixes: Sequence[RowFix]) -> Judgement:
    found = refit(material, fixes)
    rows, at = found.rows, np.flatnonzero(found.rows.judged)
    counts = Counts(rows.learnt_fixes, rows.test_fixes, rows.idle_fixes, 0)
    exam = Exam(CLASSES, rows.known.y[at], rows.known.numbers[at], [material.texts[i] for i in at])
    return judgement(exam, found.before, found.after, counts, found.terms)


# -- the optimum ----------------------------------------------------------------------------------


def cold(vectors: Floats, y: Ints) -> Any:
    return LogisticRegression(C=C, tol=1e-9, max_iter=20_000).fit(vectors.astype(np.float64), y)


@pytest.mark.parametrize("classes", [(0, 1, 2, 3), (0, 2, 3), (1, 3)])
def test_a_fit_from_a_near_head_is_the_cold_optimum(classes: tuple[int, ...]) -> None:
    data = made()
    rows = np.flatnonzero(np.isin(data.right, classes))
    vectors, y = data.material.vectors[rows], data.right[rows]
    found = fit_from(data.material.head.linear, vectors, y, len(CLASSES), C)
    expected = cold(vectors, y).predict_proba(vectors)
    got = softmax(found.scores(vectors).astype(np.float64))
    assert np.abs(got[:, list(classes)] - expected).max() < 1e-3
    others = [each for each in range(len(CLASSES)) if each not in classes]
    assert (got[:, others] < 1e-3).all()


@pytest.mark.parametrize(("rows", "rotated"), [(60, 2_000), (60, 10), (400, 10)])
def test_many_dimensions(monkeypatch: pytest.MonkeyPatch, rows: int, rotated: int) -> None:
    """More of them than rows, as with k-mers, or more than can be rotated."""
    monkeypatch.setattr(newton, "MAX_ROTATED", rotated)
    chance = np.random.default_rng(0)
    y = np.arange(rows) % 4
    vectors = (chance.normal(size=(rows, 100)) + chance.normal(size=(4, 100))[y]).astype(np.float32)
    nothing = Linear(np.zeros((100, 4), np.float32), np.zeros(4, np.float32))
    found = fit_from(nothing, vectors, y, 4, 0.01)
    got = softmax(found.scores(vectors).astype(np.float64))
    expected = LogisticRegression(C=0.01, tol=1e-9, max_iter=20_000).fit(vectors, y)
    assert np.abs(got - expected.predict_proba(vectors.astype(np.float64))).max() < 1e-3


def test_where_it_starts_makes_no_difference() -> None:
    material = made().material
    vectors, y = material.vectors, material.known.y
    nothing = Linear(np.zeros((DIMENSIONS, 4), np.float32), np.zeros(4, np.float32))
    both = [fit_from(start, vectors, y, 4, C) for start in (nothing, material.head.linear)]
    one, other = (softmax(each.scores(vectors).astype(np.float64)) for each in both)
    assert np.abs(one - other).max() < 1e-3


# -- the gain -------------------------------------------------------------------------------------


def test_fixes_that_help_are_seen_to() -> None:
    data = made()
    assert len(data.flipped) > 30
    found = judged(data.material, data.fixes(data.flipped))
    assert found.verdict is TrialVerdict.BETTER
    assert 0 < found.gain.low < found.gain.value < found.gain.high
    assert found.gain.value == pytest.approx(found.after.accuracy - found.before.accuracy)
    assert found.gain.value == (found.became_right - found.became_wrong) / found.test_rows
    assert found.log_loss_gain.low > 0
    assert found.p_value < 0.05
    assert found.terms is TermsView.UNUSED
    assert found.learnt_fixes == len(data.flipped)
    assert found.classes[0].label in ("ant", "bee")
    assert all(each.actual == each.after != each.before for each in found.to_right)
    assert all(each.actual == each.before != each.after for each in found.to_wrong)
    assert len(found.to_right) == min(found.became_right, 20)
    assert found.message.startswith("The fixes make the model better")


def test_labels_made_wrong_are_seen_to_hurt() -> None:
    data = made(share=0.0)
    ants = np.flatnonzero(data.material.known.train & (data.right == 0))
    found = judged(data.material, [RowFix(int(row), "bee") for row in ants[:50]])
    assert found.verdict is TrialVerdict.WORSE
    assert found.gain.high < 0


def test_one_fix_cannot_be_told_from_chance() -> None:
    data = made()
    found = judged(data.material, data.fixes(data.flipped[:1]))
    assert found.gain.low <= 0 <= found.gain.high
    assert found.verdict in (TrialVerdict.UNSURE, TrialVerdict.UNCHANGED)
    assert "better" not in found.message


def test_fixes_that_are_none_change_nothing() -> None:
    data = made()
    rows = np.flatnonzero(data.material.known.train & (data.material.known.y == data.right))[:5]
    found = judged(data.material, data.fixes(rows))
    assert (found.verdict, found.idle_fixes, found.learnt_fixes) == (TrialVerdict.UNCHANGED, 5, 0)
    assert found.before == found.after
    assert (found.gain.value, found.gain.low, found.gain.high) == (0, 0, 0)
    assert "None of the fixes changes a row that is learnt from" in found.message


def test_a_trial_is_the_same_twice() -> None:
    data = made()
    fixes = data.fixes(data.flipped[:10])
    assert judged(data.material, fixes) == judged(data.material, fixes[::-1])


def test_few_flips_do_not_make_a_gain() -> None:
    """Five to right exclude 0 by the bootstrap, but a coin does as well once in sixteen times."""
    y = np.zeros(400, np.int64)
    before = np.tile([0.9, 0.1], (400, 1))
    before[:5] = [0.4, 0.6]
    exam = Exam(("a", "b"), y, np.arange(400), ["x"] * 400)
    after = np.tile([0.9, 0.1], (400, 1))
    found = judgement(exam, before, after, Counts(5, 0, 0, 400), TermsView.UNUSED)
    assert found.gain.low > 0
    assert found.p_value == pytest.approx(1 / 16)
    assert found.verdict is TrialVerdict.UNSURE
    assert "exact test" in found.message


def test_the_exact_test() -> None:
    assert exact_p(0, 0) == 1.0
    assert exact_p(3, 3) == 1.0
    assert exact_p(0, 6) == pytest.approx(2 / 64)
    assert exact_p(9, 1) == pytest.approx(2 * 11 / 1024)


def test_an_interval_holds_what_it_should() -> None:
    """95 of 100 such intervals hold the true mean, give or take."""
    chance = np.random.default_rng(1)
    held = 0
    for _ in range(100):
        (found,) = mean_intervals(chance.normal(0.3, 1.0, size=200))
        held += found.low <= 0.3 <= found.high
    assert 88 <= held <= 100


# -- which rows -----------------------------------------------------------------------------------


def test_a_fixed_test_row_is_not_compared() -> None:
    data = made()
    test = np.flatnonzero(data.material.known.test)
    fixes = [*data.fixes(data.flipped), RowFix(int(test[0]), None), RowFix(int(test[1]), "dog")]
    found = judged(data.material, fixes)
    assert found.test_fixes == (2 if data.right[test[1]] != 3 else 1)
    assert found.test_rows == len(test) - found.test_fixes
    shown = {each.row for each in (*found.to_right, *found.to_wrong)}
    assert not shown & {int(test[0])}
    assert "of the test would change: not counted" in found.message


def test_dropped_and_newly_labelled_rows() -> None:
    known = replace(made().material.known)
    y = known.y.copy()
    free = int(np.flatnonzero(known.train)[0])
    dropped = int(np.flatnonzero(known.train)[1])
    y[free] = -1
    found = corrected(replace(known, y=y), [RowFix(free, "cat"), RowFix(dropped, None)])
    assert found.learnt_after.sum() == found.learnt_before.sum()
    assert found.learnt_after[free] and not found.learnt_after[dropped]
    assert found.after[free] == 2


def test_a_row_left_out_of_both_parts_is_idle() -> None:
    known = made().material.known
    train = known.train.copy()
    row = int(np.flatnonzero(train)[0])
    train[row] = False
    found = corrected(replace(known, train=train), [RowFix(row, None)])
    assert (found.learnt_fixes, found.test_fixes, found.idle_fixes) == (0, 0, 1)


def test_a_fix_of_a_sequence_reaches_its_pieces(tmp_path: Path) -> None:
    """They have its number; the fix is one, and in the comparison a sequence is one row."""
    spec = replace(KMERS, pieces=100)
    work = lay(tmp_path / "work", sequences(per_label=20), DataKind.SEQUENCE)
    run_until(work, "calibrate", spec)
    y, train, numbers = work.array("fit", "y"), work.array("split", "train"), read_rows(work).row
    learnt = int(numbers[np.flatnonzero(train & (y == 0))[0]])
    tested = int(numbers[np.flatnonzero(~train & (y == 0))[0]])
    assert (numbers == learnt).sum() == 6  # the whole, and every hundred letters begun twice
    run_refit(work, [RowFix(learnt, "b"), RowFix(tested, None)])
    found = run_judge(work)
    assert (found.learnt_fixes, found.test_fixes, found.idle_fixes) == (1, 1, 0)
    assert found.train_rows == train.sum()
    assert found.test_rows == len(np.unique(numbers[~train])) - 1
    known = Known(numbers, y, train, ~train, ("a", "b", "c"))
    assert (corrected(known, [RowFix(learnt, "b")]).after[numbers == learnt] == 1).all()


def refused(known: Known, fixes: Sequence[RowFix]) -> BadData:
    with pytest.raises(BadData) as refusal:
        corrected(known, fixes)
    return refusal.value


def test_rows_that_the_training_did_not_use() -> None:
    found = refused(
        made().material.known, [RowFix(601, "ant"), RowFix(0, None), RowFix(9999, None)]
    )
    assert found.code == "ROW_NOT_USED"
    assert [each.row for each in found.problems] == [None, 601, 9999]


def test_too_little_left() -> None:
    known = made().material.known
    learnt = np.flatnonzero(known.train & (known.y != 0))
    assert refused(known, [RowFix(int(row), None) for row in learnt]).code == "ONE_CLASS_LEFT"
    test = np.flatnonzero(known.test)
    assert refused(known, [RowFix(int(row), None) for row in test]).code == "NOTHING_TO_JUDGE_ON"


# -- terms ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Worded:
    material: Material
    weighted: Any


def worded() -> Worded:
    """The four topics' texts with a view of their words; every fifth row is tested."""
    rows = topics()
    texts, labels = [text for text, _, _ in rows], [str(label) for _, label, _ in rows]
    classes = tuple(sorted(set(labels)))
    y = np.array([classes.index(label) for label in labels])
    y[::7] = (y[::7] + 1) % len(classes)
    test = np.arange(len(rows)) % 5 == 0
    known = Known(np.arange(len(rows)), y, ~test, test, classes)
    learnt = np.flatnonzero(~test)
    fitted = weigh([texts[i] for i in learnt], len(classes))
    assert fitted is not None
    view = fitted.view(np.arange(len(learnt)), y[learnt], len(classes))
    vectors = np.random.default_rng(0).normal(size=(len(rows), 4)).astype(np.float32)
    linear = fit_linear(vectors[learnt], y[learnt], len(classes), 0.1)
    head = Head(classes, linear, view, 2.0, 1.0)
    return Worded(Material(known, texts, vectors, head, 0.1), terms.weighed(texts, view.blocks))


def test_known_terms_weigh_as_they_did() -> None:
    data = worded()
    view = data.material.head.sparse
    assert view is not None
    every = np.arange(len(data.material.texts))
    expected = view.scores(data.material.texts)
    assert np.abs(data.weighted.scores(view, every) - expected).max() < 1e-4


def test_only_the_machines_that_a_fix_has_a_part_in_are_fitted() -> None:
    data = worded()
    view = data.material.head.sparse
    assert view is not None
    row = int(np.flatnonzero(data.material.known.train & (data.material.known.y == 1))[0])
    rows = corrected(data.material.known, [RowFix(row, data.material.known.classes[2])])
    assert terms.touched_by(view, data.weighted, rows).tolist() == [1, 2]
    views = terms.refitted(view, data.weighted, rows, 4)
    assert views.terms is TermsView.REFITTED
    whole = data.weighted.view(np.flatnonzero(rows.learnt_after), rows.after[rows.learnt_after], 4)
    for part, after, fitted in zip(view.weights, views.after.weights, whole.weights, strict=True):
        assert np.array_equal(after[:, [0, 3]], part[:, [0, 3]])
        assert not np.array_equal(after[:, 1], part[:, 1])
        assert np.abs(after - fitted).max() < 0.2  # both stop at a loose tolerance


def test_fixes_of_words_are_seen() -> None:
    data = worded()
    known = data.material.known
    wrong = [row for row in range(0, len(known.y), 7) if known.train[row]]
    fixes = [RowFix(row, known.classes[(known.y[row] - 1) % 4]) for row in wrong]
    found = refit(data.material, fixes)
    assert found.terms is TermsView.REFITTED
    assert np.abs(found.before - found.after).max() > 0.01


def test_too_many_terms_are_left_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "MAX_WORK", 1)
    data = worded()
    row = int(np.flatnonzero(data.material.known.train)[0])
    found = refit(data.material, [RowFix(row, None)])
    assert found.terms is TermsView.KEPT
