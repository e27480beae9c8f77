"""Suspicions over small arrays whose faults are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from store.records.edit import RowEdit
from store.records.quality import FindingKind
from workers.pipeline.arrays import Floats
from workers.pipeline.progress import Cancelled, silent
from workers.pipeline.quality import suspicion
from workers.pipeline.quality.alike import conflicts, leakage, near_duplicates
from workers.pipeline.quality.held_out import held_out
from workers.pipeline.quality.label_errors import Doubts, label_errors
from workers.pipeline.quality.neighbourhood import Neighbourhood
from workers.pipeline.quality.odd import outliers, too_short
from workers.pipeline.quality.suspicion import Rows, Suspicions
from workers.pipeline.table import Table, groups_of


def rows_of(
    texts: list[str],
    vectors: Floats,
    labels: list[str | None] | None = None,
    splits: list[str | None] | None = None,
) -> Rows:
    """Rows whose numbers are ten times their places."""
    nothing: list[str | None] = [None] * len(texts)
    numbers = 10 * np.arange(len(texts))
    table = Table(
        row=numbers, text=texts, label=labels or nothing, split=splits or nothing, name=nothing,
        group=groups_of(texts),
    )  # fmt: skip
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return Rows.of(table, (vectors / lengths).astype(np.float32))


def blobs(rows: int, classes: int, seed: int = 0) -> tuple[Floats, list[str | None]]:
    """Vectors around the corners of a simplex, and the names of these."""
    chance = np.random.default_rng(seed)
    y = np.arange(rows) % classes
    vectors = 4 * np.eye(classes, 8)[y] + chance.normal(size=(rows, 8)) * 0.4
    return vectors.astype(np.float32), [f"class {each}" for each in y]


def nothing_concerned(rows: Rows) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    return np.zeros(len(rows), np.bool_)


def subjects(found: Suspicions) -> list[list[int]]:
    return [[each.row for each in kept.evidence if each.is_subject] for kept in found.kept]


def test_flipped_labels_are_found_in_the_order_of_their_odds(tmp_path: Path) -> None:
    vectors, labels = blobs(400, 4)
    right, flipped = list(labels), range(3, 400, 37)
    for place in flipped:
        labels[place] = f"class {(place + 1) % 4}"
    rows = rows_of([f"text {place}" for place in range(400)], vectors, labels)
    concerned = nothing_concerned(rows)
    found, noise = label_errors(
        rows, concerned, is_text=False, seed=0, scratch=tmp_path, progress=silent
    )
    suspected = [row // 10 for [row] in subjects(found)]
    assert set(suspected) <= set(flipped)
    assert len(suspected) >= 0.7 * len(flipped)
    assert [kept.edits[0].label for kept in found.kept] == [right[place] for place in suspected]
    assert (found.found, found.rows) == (len(suspected), len(suspected))
    assert noise == len(suspected) / 400
    assert np.flatnonzero(concerned).tolist() == sorted(suspected)
    assert [kept.score for kept in found.kept] == sorted(
        (kept.score for kept in found.kept), reverse=True
    )
    for kept in found.kept:
        assert kept.score > 0.9
        assert {each.label for each in kept.evidence[1:]} == {kept.edits[0].label}


def test_what_is_beyond_the_kept_ones_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(suspicion, "MAX_KEPT", 2)
    texts = ["?", "!", ".", "a real text", "-"]
    rows = rows_of(texts, np.eye(5, dtype=np.float32))
    found = too_short(rows, nothing_concerned(rows), silent)
    assert (found.found, found.rows, subjects(found)) == (4, 4, [[0], [10]])


@pytest.mark.parametrize(
    "labels",
    [
        [None] * 20,
        ["one"] * 20,
        [f"label {place}" for place in range(20)],
        ["one"] * 5 + [None] * 15,
    ],
)
def test_labels_that_cannot_be_judged_are_not(tmp_path: Path, labels: list[str | None]) -> None:
    rows = rows_of([f"text {place}" for place in range(20)], blobs(20, 2)[0], labels)
    found, noise = label_errors(
        rows, nothing_concerned(rows), is_text=True, seed=0, scratch=tmp_path, progress=silent
    )
    assert (found.found, found.kept, noise) == (0, (), None)


def test_the_confident_joint_is_calibrated() -> None:
    """Of label 0, one in four confident members is another's, of eight rows in all; of 1 none."""
    labels = np.array([0] * 8 + [1] * 2)
    members = np.array([0, 0, 0, 1, -1, -1, -1, -1, 1, 1])
    odds = np.linspace(0.9, 0.1, 10)
    doubts = Doubts(np.arange(10), 1 - odds, odds, 1 - labels, labels, members)
    assert doubts.wrong == pytest.approx(8 / 4)
    assert doubts.suspected().tolist() == [0, 1]


def test_rows_of_equal_texts_are_never_on_both_sides(tmp_path: Path) -> None:
    """A row whose twin was learnt from would be known by heart."""
    chance = np.random.default_rng(0)
    vectors = np.repeat(chance.normal(size=(30, 64)), 2, axis=0).astype(np.float32)
    y = np.repeat(chance.integers(0, 2, 30), 2)
    held = held_out(
        vectors=vectors, texts=None, y=y, groups=np.repeat(np.arange(30), 2), count=2, seed=0,
        scratch=tmp_path, progress=silent,
    )  # fmt: skip
    assert held.judged.all()
    by_heart = (held.scores.argmax(axis=1) == y).mean()
    assert by_heart < 0.8  # labels are random: there is nothing else to know them by


def test_a_cancel_ends_it_between_folds(tmp_path: Path) -> None:
    def cancel(done: int, total: int) -> None:
        raise Cancelled

    vectors, labels = blobs(100, 2)
    rows = rows_of([f"text {place}" for place in range(100)], vectors, labels)
    with pytest.raises(Cancelled):
        label_errors(
            rows, nothing_concerned(rows), is_text=False, seed=0, scratch=tmp_path, progress=cancel
        )


def test_near_duplicates_are_clusters_of_vectors_or_of_letters() -> None:
    vectors = np.eye(6, dtype=np.float32)
    vectors[1] = vectors[0] + 0.05 * vectors[2]
    texts = ["near a", "near b", "far", "Same, letters", "same letters!", "alone"]
    rows = rows_of(texts, vectors, ["x", "x", "x", "x", "y", "x"])
    clusters = Neighbourhood.of(rows).clusters(rows, 0.99)
    concerned = nothing_concerned(rows)
    found = near_duplicates(rows, clusters, concerned, silent)
    assert subjects(found) == [[0, 10], [30, 40]]
    assert [kept.edits for kept in found.kept] == [(RowEdit(10, drop=True),), ()]
    assert np.flatnonzero(concerned).tolist() == [0, 1, 3, 4]


def test_leaks_are_between_given_splits_alone() -> None:
    texts = ["a", "A", "b", "B", "c", "c "]
    splits: list[str | None] = ["train", "test", "train", "train", None, "test"]
    rows = rows_of(texts, np.eye(6, dtype=np.float32)[[0, 0, 1, 1, 2, 2]], splits=splits)
    clusters = Neighbourhood.of(rows).clusters(rows, 0.99)
    found = leakage(rows, clusters, nothing_concerned(rows), silent)
    assert subjects(found) == [[0, 10]]
    assert found.kept[0].edits == (RowEdit(0, drop=True),)


def test_a_tie_between_labels_is_left_to_people() -> None:
    labels: list[str | None] = ["x", "y", "x", "x", "y", None]
    rows = rows_of(["a", "a", "b", "b", "b", "b"], np.ones((6, 2), np.float32), labels)
    found = conflicts(rows, nothing_concerned(rows), silent)
    assert found.kind is FindingKind.CONFLICT
    assert subjects(found) == [[0, 10], [20, 30, 40]]
    assert [kept.edits for kept in found.kept] == [(), (RowEdit(40, label="x"),)]
    assert found.kept[0].score == 0.5


def test_outliers_lie_beyond_the_fence() -> None:
    vectors, _ = blobs(100, 2)
    vectors[7] = [0, 0, 0, 0, 0, 0, 0, -9]
    texts = [f"text {place}" for place in range(100)]
    texts[31], vectors[31] = texts[7], vectors[7]
    rows = rows_of(texts, vectors)
    found = outliers(rows, Neighbourhood.of(rows), nothing_concerned(rows), silent)
    assert subjects(found) == [[70, 310]]
    assert found.kept[0].edits == (RowEdit(70, drop=True), RowEdit(310, drop=True))
    assert len(found.kept[0].evidence) == 5


def test_few_texts_have_no_usual_distance() -> None:
    rows = rows_of([f"text {place}" for place in range(20)], np.eye(20, dtype=np.float32))
    found = outliers(rows, Neighbourhood.of(rows), nothing_concerned(rows), silent)
    assert found.found == 0


def test_one_row_has_no_neighbours() -> None:
    rows = rows_of(["alone"], np.ones((1, 3), np.float32), ["x"])
    near = Neighbourhood.of(rows)
    assert near.clusters(rows, 0.9) == []
    assert outliers(rows, near, nothing_concerned(rows), silent).found == 0


def test_marks_tell_the_same_suspicion_again() -> None:
    texts = ["same", "Same!", "other"]
    rows = rows_of(texts, np.eye(3, dtype=np.float32), ["x", "x", "x"])
    again = rows_of(texts, np.eye(3, dtype=np.float32), ["x", "x", "y"])
    found = [
        near_duplicates(
            each, Neighbourhood.of(each).clusters(each, 0.9), nothing_concerned(each), silent
        )
        for each in (rows, again)
    ]
    assert found[0].kept[0].mark == found[1].kept[0].mark
    odd = rows_of(["?", "a b", "c d"], np.eye(3, dtype=np.float32))
    short = too_short(odd, nothing_concerned(odd), silent)
    assert short.kept[0].mark != found[0].kept[0].mark
