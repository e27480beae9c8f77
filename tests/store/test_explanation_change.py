"""What became of words and rows between two versions, and how that is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from store.answers.change_summary import summary
from store.records.explanation import Explanation, Weight
from store.records.explanation_change import (
    ExplanationChange,
    NearRowChange,
    RowMove,
    TrainingChange,
    WordChange,
    near_row_changes,
    word_changes,
)
from store.records.prediction import Answer, Neighbour, Score

ALIKE = TrainingChange(
    is_other_data=False, is_same_dataset=True, spec=(), labels_added=(), labels_removed=(),
    temperature_before=1.0, temperature_after=1.004, train_rows_before=90, train_rows_after=90,
)  # fmt: skip


def explanation(label: str, probability: float, *words: Weight, **more: object) -> Explanation:
    answer = Answer(label, probability, False, (Score(label, probability),), 0, "all")
    plain = Explanation(
        text="", answer=answer, label=label, probability=probability, against=None, rival=None,
        rival_probability=0.0, score=1.0, empty_score=0.0, explained=1.0, words=words, passages=(),
        deletion=None, nearest=(), supporting=(), opposing=(),
    )  # fmt: skip
    return replace(plain, **more)


def weight(start: int, text: str, value: float) -> Weight:
    return Weight(start, start + len(text), text, value, value, 0.0)


def change(label: str | None = "X", **more: object) -> ExplanationChange:
    """Y at 0.55 became X at 0.81."""
    before = explanation("Y", 0.55)
    after = explanation("X", 0.81, against="Y" if label else None)
    return replace(ExplanationChange(before, after, label, (), (), ALIKE), **more)


def told(of: ExplanationChange) -> str:
    return summary(of, "version 2", "version 3")


def row(number: int, label: str | None = "a", cosine: float = 0.5) -> Neighbour:
    return Neighbour(number, f"row {number}", label, cosine)


def near(number: int, move: RowMove, before: str | None, after: str | None) -> NearRowChange:
    return NearRowChange(number, "", move, before, after, 0.5, 0.5)


def test_words_are_compared_at_their_places() -> None:
    before = explanation("a", 0.5, weight(0, "my", 0.2), weight(3, "refund", 1.0))
    after = explanation("a", 0.5, weight(3, "refund", 2.5), weight(0, "my", 0.1), weight(9, "x", 9))
    changes = word_changes(before, after, 5)
    assert [(each.text, each.change) for each in changes] == [("refund", 1.5), ("my", -0.1)]
    assert word_changes(before, after, 1) == changes[:1]


def test_of_long_texts_passages_are_compared() -> None:
    before = explanation("a", 0.5, weight(0, "w", 5.0), passages=(weight(0, "all of it", 1.0),))
    after = explanation("a", 0.5, weight(0, "w", 1.0), passages=(weight(0, "all of it", 3.0),))
    assert [each.text for each in word_changes(before, after, 5)] == ["all of it"]


def test_rows_moved_come_before_those_that_did_not() -> None:
    before = [row(1), row(2, "a", 0.9), row(3, "b", 0.7), row(4, "b", 0.8), row(6, None)]
    after = [row(2, "a", 0.9), row(3, "a", 0.7), row(4, "a", 0.8), row(5), row(6, None)]
    changes = near_row_changes(before, after)
    assert [(each.row, each.move) for each in changes] == [
        (4, "RELABELLED"), (3, "RELABELLED"), (5, "ADDED"), (1, "REMOVED"), (2, "KEPT"),
        (6, "KEPT"),
    ]  # fmt: skip
    added, removed = changes[2], changes[3]
    assert (added.label_before, added.cosine_before, added.label_after) == (None, None, "a")
    assert (removed.label_before, removed.label_after, removed.cosine_after) == ("a", None, None)


def test_the_answer_the_words_and_the_rows_are_told() -> None:
    words = [WordChange(0, 6, "refund", 0.1, 1.4), WordChange(7, 9, "my", 1.0, 0.6)]
    rows = [near(n, RowMove.RELABELLED, "Y", "X") for n in range(14)]
    rows += [near(20, RowMove.RELABELLED, "Z", "X"), near(21, RowMove.ADDED, None, "X")]
    rows += [near(n, RowMove.REMOVED, "Y", None) for n in (30, 31)]
    assert told(change(words=tuple(words), rows=tuple(rows))) == (
        "Version 3 says X (0.81), version 2 said Y (0.55). “refund” counts 1.3 more and “my” "
        "counts 0.4 less for X against Y. Of the 18 training rows nearest to it, 15 were "
        "relabelled (14 of them from Y to X), 1 was not learnt from before and 2 were no longer "
        "learnt from. They were trained alike."
    )


def test_what_changed_between_the_trainings_is_told() -> None:
    training = TrainingChange(
        is_other_data=True, is_same_dataset=True, spec=("embedder", "seed"), labels_added=("W",),
        labels_removed=(), temperature_before=1.0, temperature_after=1.25,
        train_rows_before=9_000, train_rows_after=10_003,
    )  # fmt: skip
    kept = (near(1, RowMove.KEPT, "X", "X"), near(2, RowMove.KEPT, "Y", "Y"))
    words = (WordChange(0, 6, "refund", 0.1, 0.15),)
    text = told(change(training=training, rows=kept, words=words))
    assert text.endswith(
        "The words count as they did. Of the 2 training rows nearest to it, none changed. Between "
        "them changed the data (9,000 to 10,003 rows learnt from), the spec (embedder, seed), the "
        "labels (1 new, 0 gone) and the temperature (1.00 to 1.25)."
    )


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        (
            change(label=None),
            "Version 3 says X (0.81), version 2 said Y (0.55). Version 2 does not know the label "
            "X. They were trained alike.",
        ),
        (
            change(before=explanation("X", 0.5), after=explanation("X", 0.81)),
            "Both versions say X: version 3 with 0.81, version 2 with 0.50. They were trained "
            "alike.",
        ),
        (
            change(training=replace(ALIKE, is_same_dataset=False, is_other_data=True)),
            "Version 3 says X (0.81), version 2 said Y (0.55). They learnt from different data "
            "sets. Between them changed the data (90 to 90 rows learnt from).",
        ),
    ],
)
def test_what_cannot_be_compared_is_said(of: ExplanationChange, expected: str) -> None:
    assert told(of) == expected
