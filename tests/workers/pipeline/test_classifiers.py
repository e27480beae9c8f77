"""Learning, choosing and tempering, and that the answering half repeats what was learnt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax as scipy_softmax

from store.records.report import Cluster
from store.records.training import ClassifierSpec
from tests.workers.pipeline.training import topics
from workers.pipeline.arrays import Floats, Ints
from workers.pipeline.classifiers.calibration import log_loss, temperature_of
from workers.pipeline.classifiers.choosing import Learnt, learn
from workers.pipeline.classifiers.fitting import fit_linear, weigh
from workers.pipeline.classifiers.head import Head, Linear, softmax
from workers.pipeline.classifiers.sparse import MAX_CHARACTERS, SparseView, letters, words
from workers.pipeline.folds import folds, held_out, sample
from workers.pipeline.targets import targets

TEXTS = [text for text, _, _ in topics()]
LABELS = sorted({str(label) for _, label, _ in topics()})
Y = np.array([LABELS.index(str(label)) for _, label, _ in topics()])


def blobs(classes: int, rows: int, dimensions: int, noise: float = 0.6) -> tuple[Floats, Ints]:
    chance = np.random.default_rng(1)
    y = np.arange(rows) % classes
    centres = chance.normal(size=(classes, dimensions))
    vectors = centres[y] + noise * chance.normal(size=(rows, dimensions))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), y


def learnt(vectors: Floats, texts: list[str] | None, y: Ints, **spec: object) -> Learnt:
    return learn(
        vectors=vectors, texts=texts, y=y, groups=np.arange(len(y)), count=int(y.max()) + 1,
        spec=ClassifierSpec(**spec), seed=0,  # type: ignore[arg-type]
    )  # fmt: skip


def view() -> SparseView:
    weighted = weigh(TEXTS, len(LABELS))
    assert weighted is not None
    return weighted.view(np.arange(len(Y)), Y, len(LABELS))


@pytest.mark.parametrize("classes", [2, 5])
def test_a_linear_view_separates_what_is_separate(classes: int) -> None:
    vectors, y = blobs(classes, 200, 8, noise=0.3)
    model = fit_linear(vectors, y, classes, c=10)
    assert model.weights.shape == (8, classes)
    assert (model.scores(vectors).argmax(axis=1) == y).mean() > 0.98


def test_a_class_without_rows_is_never_the_answer() -> None:
    vectors, y = blobs(3, 90, 8)
    scores = fit_linear(vectors, np.where(y == 1, 3, y), count=5, c=1).scores(vectors)
    assert set(scores.argmax(axis=1).tolist()) == {0, 2, 3}
    assert scores[:, [1, 4]].max() < scores[:, [0, 2, 3]].min()


def test_with_fewer_rows_than_dimensions_the_fit_is_the_same() -> None:
    """The regression is fitted in the span of the rows; nothing is lost by it."""
    vectors, y = blobs(3, 60, 200)
    found = learnt(vectors, None, y, c=10.0).linear
    plain = fit_linear(vectors, y, 3, c=10)
    assert found.weights.shape == plain.weights.shape
    assert np.allclose(found.scores(vectors), plain.scores(vectors), atol=0.02)


def test_a_fold_may_be_left_with_one_class() -> None:
    """A group of equal texts goes by its first row, and here takes the other class with it."""
    vectors, _ = blobs(2, 9, 4)
    y, groups = np.array([0, 0, 0, 0, 0, 0, 0, 0, 1]), np.array([0, 1, 2, 3, 4, 5, 6, 7, 7])
    found = learn(
        vectors=vectors, texts=TEXTS[:9], y=y, groups=groups, count=2, spec=ClassifierSpec(), seed=0
    )
    assert found.held_scores.shape == (9, 2)
    assert np.isfinite(found.held_scores).all()


def test_terms_of_a_text() -> None:
    assert words("Top-up a card") == ["top", "up", "card", "top up", "up card"]
    assert letters("Ab c") == [" a", "ab", "b ", " ab", "ab ", " ab ", " c", "c ", " c "]
    assert letters("x" * 3 * MAX_CHARACTERS) == letters("x" * MAX_CHARACTERS)


def test_the_sparse_view_scores_a_text_as_it_did_its_row() -> None:
    weighted = weigh(TEXTS, len(LABELS))
    assert weighted is not None
    fitted = weighted.view(np.arange(len(Y)), Y, len(LABELS))
    rows = weighted.scores(fitted, np.arange(len(Y)))
    assert np.allclose(fitted.scores(TEXTS), rows, atol=1e-5)
    assert (rows.argmax(axis=1) == Y).all()


def test_a_text_without_a_known_term_scores_the_bias() -> None:
    fitted = view()
    assert np.array_equal(fitted.scores(["∅", ""]), np.stack([fitted.bias, fitted.bias]))


def test_texts_without_any_term_have_no_sparse_view() -> None:
    assert weigh(["?", "!", "."], 2) is None
    vectors, y = blobs(2, 40, 4)
    assert learnt(vectors, ["?"] * 40, y).sparse is None


def test_a_head_answers_after_a_round_trip_as_before(tmp_path: Path) -> None:
    vectors, _ = blobs(4, 120, 8)
    head = Head(tuple(LABELS), fit_linear(vectors, Y, 4, 3), view(), 2.0, 0.7)
    head.save(tmp_path)
    loaded = Head.load(tmp_path)
    texts, some = TEXTS[::10], vectors[::10]
    assert np.allclose(
        loaded.probabilities(texts, some), head.probabilities(texts, some), atol=2e-3
    )
    assert (loaded.classes, loaded.temperature) == (head.classes, 0.7)
    assert not [path for path in tmp_path.iterdir() if path.suffix not in (".npy", ".json")]


def test_arrays_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    linear = Linear(np.zeros((3, 2), np.float32), np.zeros(3, np.float32))
    Head(("a", "b"), linear, None, 0.0, 1.0).save(tmp_path)
    with pytest.raises(ValueError, match="do not fit"):
        Head.load(tmp_path)


def test_a_row_has_the_same_probabilities_alone_and_in_a_batch() -> None:
    vectors, _ = blobs(4, 120, 384)
    head = Head(tuple(LABELS), fit_linear(vectors, Y, 4, 3), view(), 1.0, 0.5)
    together = head.probabilities(TEXTS, vectors)
    for row in range(0, 120, 7):
        alone = head.probabilities([TEXTS[row]], vectors[row : row + 1])[0]
        assert np.array_equal(alone, together[row])
    assert np.allclose(together.sum(axis=1), 1, atol=1e-5)


def test_the_terms_help_where_the_vectors_say_nothing() -> None:
    chance = np.random.default_rng(0)
    found = learnt(chance.normal(size=(120, 8)).astype(np.float32), TEXTS, Y)
    assert found.sparse_weight > 0
    assert (found.held_scores.argmax(axis=1) == found.held_y).mean() > 0.8


def test_the_terms_are_left_out_where_they_only_disturb() -> None:
    vectors, y = blobs(4, 120, 8, noise=0.02)
    chance = np.random.default_rng(0)
    noise = [" ".join(chance.choice(list("abcdefgh"), 6).tolist()) for _ in range(120)]
    assert learnt(vectors, noise, y).sparse_weight == 0


@pytest.mark.parametrize(("asked", "is_in"), [(True, True), (False, False)])
def test_what_is_asked_for_is_not_chosen(asked: bool, is_in: bool) -> None:
    vectors, _ = blobs(4, 120, 8)
    found = learnt(vectors, TEXTS, Y, sparse_view=asked, c=3.0)
    assert (found.c, found.sparse_weight > 0) == (3.0, is_in)
    assert (found.sparse is not None) == is_in  # without it there is nothing to keep in memory


def test_every_row_is_held_out_once_when_there_are_few() -> None:
    vectors, y = blobs(3, 90, 8)
    assert len(learnt(vectors, None, y).held_y) == 90


def test_the_temperature_is_that_of_least_log_loss() -> None:
    chance = np.random.default_rng(0)
    logits = chance.normal(size=(20_000, 5)) * 2
    y = (logits + chance.gumbel(size=logits.shape)).argmax(axis=1)  # a draw by softmax(logits)
    assert temperature_of(3 * logits, y) == pytest.approx(3, rel=0.05)
    assert temperature_of(logits / 4, y) == pytest.approx(1 / 4, rel=0.05)
    right = scipy_softmax(logits, axis=1)[np.arange(len(y)), y]
    assert log_loss(logits, y, 1.0) == pytest.approx(-np.log(right).mean())


def test_softmax_does_not_overflow() -> None:
    assert np.allclose(softmax(np.array([1e4, 1e4 - 1.0])), [0.731059, 0.268941])


def test_folds_share_every_class_and_keep_groups_whole() -> None:
    y, groups = np.repeat([0, 1, 2], [40, 20, 8]), np.repeat(np.arange(34), 2)
    fold = folds(y, groups, 4, seed=0)
    assert [np.bincount(y[fold == f]).tolist() for f in range(4)] == [[10, 6, 2]] * 2 + [
        [10, 4, 2]
    ] * 2
    assert (fold[::2] == fold[1::2]).all()


def test_the_only_text_of_a_class_is_in_no_fold() -> None:
    y, groups = np.array([0, 0, 0, 1, 1]), np.array([0, 1, 2, 3, 3])
    assert folds(y, groups, 2, seed=0).tolist()[3:] == [-1, -1]


def test_a_share_is_held_out_of_each_class_but_never_all_of_it() -> None:
    y = np.repeat([0, 1, 2, 3], [50, 10, 2, 1])
    test = held_out(y, np.arange(63), 0.2, seed=0)
    assert np.bincount(y[test], minlength=4).tolist() == [10, 2, 1, 0]
    assert held_out(y, np.arange(63), 1.0, seed=0).sum() == 49 + 9 + 1


def test_a_sample_has_every_class_in_proportion_and_order() -> None:
    y = np.repeat([0, 1], [80, 20])
    chosen = sample(y, np.arange(100), 10, seed=0)
    assert np.bincount(y[chosen]).tolist() == [8, 2]
    assert (np.diff(chosen) > 0).all()


def cluster_of(number: int) -> Cluster:
    return Cluster(number, f"name {number}", 0, (), (), 1.0)


def test_labels_spread_only_in_a_pure_cluster_to_its_nearer_half() -> None:
    labels = ["a"] * 6 + [None] * 4 + ["a"] * 3 + ["b"] * 3 + [None] * 4
    clustering = np.repeat([0, 1], 10)
    near = np.tile(np.linspace(1, 0.1, 10), 2).astype(np.float32)
    near[6] = 0.9
    found = targets(labels, clustering, [cluster_of(0), cluster_of(1)], near, np.ones(20, np.bool_))
    assert found.spread.nonzero()[0].tolist() == [6]
    assert found.y[6] == 0
    assert (found.y[16:] == -1).all()
    assert not found.from_clusters


def test_labels_do_not_spread_from_or_to_rows_of_the_test() -> None:
    labels = ["a"] * 5 + [None] * 5 + ["b"]
    may_learn = np.array([False] * 5 + [True] * 6)
    clustering, near = np.array([0] * 10 + [1]), np.ones(11, np.float32)
    clusters = [cluster_of(0), cluster_of(1)]
    assert not targets(labels, clustering, clusters, near, may_learn).spread.any()
    assert not targets(labels, clustering, clusters, near, ~may_learn).spread.any()


def test_without_labels_the_clusters_are_the_classes() -> None:
    clustering = np.array([0, 1, -1, 0])
    found = targets(
        [None] * 4,
        clustering,
        [cluster_of(0), cluster_of(1)],
        np.ones(4, np.float32),
        np.ones(4, np.bool_),
    )
    assert found.classes == ("name 0", "name 1")
    assert found.y.tolist() == [0, 1, -1, 0]
    assert found.from_clusters
