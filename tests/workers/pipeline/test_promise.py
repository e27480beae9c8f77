"""Thresholds keep what they promise, on rows of which the truth is known."""

from __future__ import annotations

import numpy as np
import pytest

from store.records.prediction import Decision
from workers.pipeline.arrays import Doubles
from workers.pipeline.promise.control import Held, control, lowest
from workers.pipeline.promise.novelty import Exemplars, Novelty, Scale
from workers.pipeline.promise.quantiles import out_above, set_from
from workers.pipeline.promise.rules import ALWAYS, NEVER, Rules

RISK, LEVEL = 0.1, 0.1


def drawn(rows: int, seed: int, classes: int = 50) -> Held:
    """Rows whose likeliest class is wrong as often as its probability says."""
    chance = np.random.default_rng(seed)
    probability = chance.beta(4, 1, rows)
    wrong = chance.random(rows) > probability
    return Held(probability, chance.integers(0, classes, rows), wrong)


def true_risk(threshold: float) -> float:
    """Of all texts over the threshold: 1 - E[p | p > threshold] for p from Beta(4, 1)."""
    mass, mean = 1 - threshold**4, 0.8 * (1 - threshold**5)
    return 1 - mean / mass


def test_a_promise_is_broken_no_more_often_than_it_may() -> None:
    found = [control(drawn(2_000, seed, 500), 500, RISK, LEVEL) for seed in range(300)]
    kept = [each for each in found if each.promised == RISK]
    assert len(kept) > 290
    broken = sum(true_risk(each.threshold) > RISK for each in kept)
    assert 0 < broken / len(found) <= LEVEL


def test_more_rows_answer_more() -> None:
    few, many = (
        control(drawn(rows, 0, 5_000), 5_000, RISK, LEVEL).threshold for rows in (2_000, 60_000)
    )
    assert many < few
    assert true_risk(many) == pytest.approx(RISK, abs=0.01)


def test_everything_is_answered_where_nothing_is_wrong() -> None:
    held = drawn(500, 0)
    sure = Held(held.probability, held.guessed, np.zeros(500, np.bool_))
    assert control(sure, 50, RISK, LEVEL).threshold == ALWAYS


def test_where_the_promise_cannot_be_kept_the_least_is_told() -> None:
    held = Held(np.full(200, 0.9), np.zeros(200, np.int64), np.arange(200) % 4 == 0)
    found = control(held, 50, RISK, LEVEL)
    assert found.promised is not None
    assert 0.25 < found.promised < 0.4
    assert found.threshold == ALWAYS  # one probability for all leaves no other


def test_where_all_is_wrong_nothing_is_promised() -> None:
    held = drawn(100, 0)
    wrong = Held(held.probability, held.guessed, np.ones(100, np.bool_))
    found = control(wrong, 50, RISK, LEVEL)
    assert (found.promised, found.threshold) == (None, ALWAYS)
    assert lowest(wrong.of(np.zeros(100, np.bool_)), RISK, LEVEL) is None


def test_classes_with_rows_enough_have_thresholds_of_their_own() -> None:
    """The first class is right far more often than its probabilities say, the second is not."""
    held = drawn(8_000, 1, classes=2)
    wrong = held.is_wrong & ((held.guessed == 1) | (np.arange(8_000) % 10 == 0))
    found = control(Held(held.probability, held.guessed, wrong), 2, RISK, LEVEL)
    assert found.own.tolist() == [0, 1]
    assert found.above[0] < found.above[1] - 0.2
    for number in (0, 1):
        answered = (held.guessed == number) & (held.probability > found.above[number])
        assert wrong[answered].mean() <= RISK


def test_a_class_that_cannot_keep_it_never_answers_alone() -> None:
    """Its rows and the small classes' are one group, and nothing over any threshold is right."""
    held = drawn(4_000, 1, classes=2)
    wrong = np.where(held.guessed == 1, True, False)
    found = control(Held(held.probability, held.guessed, wrong), 2, RISK, LEVEL)
    assert found.own.tolist() == [0]
    assert (found.above[0], found.above[1], found.threshold) == (ALWAYS, NEVER, NEVER)


def test_small_classes_share_one_threshold() -> None:
    found = control(drawn(1_000, 1, classes=50), 50, RISK, LEVEL)
    assert len(found.own) == 0
    assert set(found.above) == {found.threshold}


def test_prediction_sets_cover_what_they_say() -> None:
    chance = np.random.default_rng(0)
    probabilities: Doubles = chance.dirichlet(np.full(5, 0.3), 4_000)
    y = np.array([chance.choice(5, p=row) for row in probabilities])
    threshold = set_from(probabilities[:2_000], y[:2_000], 0.9)
    rules = Rules((ALWAYS,) * 5, 0, threshold, None)
    sets = [rules.prediction_set(row, np.argsort(-row)) for row in probabilities[2_000:]]
    covered = np.mean([label in found for found, label in zip(sets, y[2_000:], strict=True)])
    assert covered == pytest.approx(0.9, abs=0.02)
    assert all(
        found[0] == row.argmax() for found, row in zip(sets, probabilities[2_000:], strict=True)
    )


def test_too_few_rows_put_every_class_in_the_set_and_call_nothing_strange() -> None:
    assert set_from(np.full((18, 2), 0.5), np.zeros(18, np.int64), 0.95) == 0
    assert set_from(np.full((19, 2), 0.5), np.zeros(19, np.int64), 0.95) == 0.5
    assert out_above(np.arange(98.0), 0.01) is None
    assert out_above(np.arange(99.0), 0.01) == 98
    assert out_above(np.arange(500.0), 0) is None


def test_a_decision_looks_first_whether_the_text_is_strange() -> None:
    rules = Rules((0.5, NEVER), 0.7, None, 2.0)
    assert rules.decide(0, 0.9, 2.1) is Decision.OUT_OF_DISTRIBUTION
    assert rules.decide(0, 0.9, 2.0) is Decision.ANSWER
    assert rules.decide(0, 0.69, 0.0) is Decision.ABSTAIN
    assert rules.decide(1, 1.0, 0.0) is Decision.ABSTAIN
    assert rules.decide(0, 0.9, None) is Decision.ANSWER


AS_IT_IS = np.eye(2, dtype=np.float32)
"""Weights under which logits point where the vector does."""


def ring(angles: Doubles) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)


def test_what_lies_far_or_is_doubted_scores_high() -> None:
    known = ring(np.array([0.0, 0.1, 1.5, 1.6]))
    novelty = Novelty.made(known, Exemplars.of(np.array([0, 0, 1, 1]), 2), AS_IT_IS)
    sure, doubted = np.array([0.99, 0.01]), np.array([0.5, 0.5])
    near, far, other = ring(np.array([0.05, 3.0, 1.55]))
    rows = [(sure, near), (doubted, near), (sure, other), (sure, far)]
    probabilities, vectors = (np.stack(each) for each in zip(*rows, strict=True))
    at_home, unsure, elsewhere, strange = novelty.scores(probabilities, vectors)
    assert at_home < elsewhere < strange
    assert at_home < unsure
    alone = [novelty.scores(p[None], v[None])[0] for p, v in rows]
    assert alone == [at_home, unsure, elsewhere, strange]


def test_a_class_of_loose_rows_expects_more_distance() -> None:
    known = ring(np.array([0.0, 0.01, 0.02, 1.5, 1.9, 2.3]))
    novelty = Novelty.made(known, Exemplars.of(np.array([0, 0, 0, 1, 1, 1]), 2), AS_IT_IS)
    _, distance = novelty.signs(np.eye(2), ring(np.array([0.42, 2.7])))  # both 0.4 from a row
    assert distance[1] < distance[0]


def test_a_class_of_one_row_is_taken_for_one_like_the_others() -> None:
    known, y = ring(np.array([0.0, 0.4, 2.0])), np.array([0, 0, 1])
    novelty = Novelty.made(known, Exemplars.of(y, 3), np.eye(2, 3, dtype=np.float32))
    assert novelty.usual[0] > 0
    assert novelty.usual.tolist() == [novelty.usual[0]] * 3


def test_rows_are_compared_as_the_classifier_turns_them_too() -> None:
    """Two texts as far from the known row to either side; one lies where classes are told apart."""
    known, asked = ring(np.array([0.8])), ring(np.array([0.5, 1.1]))
    exemplars, sure = Exemplars.of(np.array([0]), 1), np.ones((2, 1))
    stretched = np.array([[1, 0], [0, 5]], np.float32)
    _, even = Novelty.made(known, exemplars, AS_IT_IS).signs(sure, asked)
    assert even[0] == pytest.approx(even[1], abs=1e-3)
    _, turned = Novelty.made(known, exemplars, stretched).signs(sure, asked)
    assert turned[0] > turned[1] + 3e-3


def test_a_class_without_rows_and_a_text_without_words_are_no_fault() -> None:
    nothing = Exemplars.of(np.empty(0, np.int64), 2)
    empty = Novelty.made(np.zeros((0, 2), np.float32), nothing, AS_IT_IS)
    assert np.isfinite(empty.scores(np.array([[0.5, 0.5]]), np.zeros((1, 2), np.float32))).all()
    exact = Scale.over(np.zeros(3), np.ones(3))
    assert exact.score(np.zeros(1), np.ones(1)) == 0


def test_classes_of_many_rows_are_thinned_evenly() -> None:
    exemplars = Exemplars.of(np.array([0] * 1_000 + [1] * 3 + [-1] * 5), 2)
    assert exemplars.starts.tolist() == [0, 256, 259]
    assert (exemplars.places[0], exemplars.places[255]) == (0, 999)
    assert exemplars.places[256:].tolist() == [1_000, 1_001, 1_002]
