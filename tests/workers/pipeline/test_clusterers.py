"""Clusters of points whose groups are known, their numbers, their names, and the map."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from store.records.dataset import DataKind
from store.records.training import ClustererKind, ClustererSpec
from workers.pipeline import map2d, neighbours
from workers.pipeline.arrays import Floats, Ints
from workers.pipeline.clusterers import Clustering, cluster
from workers.pipeline.clusterers.clustering import by_size, centroids, cosines
from workers.pipeline.clusterers.kmeans import best_k
from workers.pipeline.clusterers.naming import describe, describe_coarse, keywords, names
from workers.pipeline.embedders.unit import unit

SIZES = (60, 50, 40, 30)


def groups(sizes: tuple[int, ...] = SIZES, spread: float = 0.05) -> tuple[Floats, Ints]:
    """Unit vectors around well separated centres, and the centre of each."""
    chance = np.random.default_rng(3)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    centres = np.eye(len(sizes), 12)
    vectors = centres[labels] + spread * chance.normal(size=(len(labels), 12))
    shuffled = chance.permutation(len(labels))
    return unit(vectors.astype(np.float32))[shuffled], labels[shuffled]


@pytest.mark.parametrize(
    "spec",
    [
        ClustererSpec(resolution=0.5),
        ClustererSpec(kind=ClustererKind.KMEANS, k=4),
        ClustererSpec(kind=ClustererKind.KMEANS),
        ClustererSpec(kind=ClustererKind.HDBSCAN, min_cluster_size=10),
    ],
)
def test_separate_groups_are_found_and_numbered_by_size(spec: ClustererSpec) -> None:
    vectors, truth = groups()
    found = cluster(vectors, spec, seed=0)
    clustered = found.labels >= 0
    assert clustered.mean() > 0.9
    assert adjusted_rand_score(truth[clustered], found.labels[clustered]) == 1.0
    assert found.count == 4
    sizes = np.bincount(found.labels[clustered])
    assert (np.diff(sizes) <= 0).all()
    assert np.array_equal(cluster(vectors, spec, seed=0).labels, found.labels)


def test_small_data_does_not_fall_apart() -> None:
    """With 15 neighbours a row these were 36 clusters."""
    vectors, _ = groups((20, 15, 10))
    assert cluster(vectors, ClustererSpec(), seed=0).count < 15


def test_a_finer_leiden_cluster_lies_whole_in_one_above() -> None:
    vectors, _ = groups(spread=0.25)
    found = cluster(vectors, ClustererSpec(resolution=8), seed=0)
    assert found.coarse is not None
    assert found.count > found.coarse.max() + 1 >= 4
    parents = [np.unique(found.coarse[found.labels == number]) for number in range(found.count)]
    assert all(len(each) == 1 for each in parents)


@pytest.mark.parametrize(
    "spec",
    [
        ClustererSpec(kind=ClustererKind.KMEANS, k=9),
        ClustererSpec(kind=ClustererKind.HDBSCAN, min_cluster_size=10),
    ],
)
def test_similar_clusters_make_the_level_above_where_the_clusterer_gives_none(
    spec: ClustererSpec,
) -> None:
    chance = np.random.default_rng(5)
    truth = np.repeat(np.arange(9), 30)
    centres = np.eye(3, 16)[np.arange(9) // 3] + 0.3 * np.eye(9, 16, k=4)  # three of a kind each
    vectors = unit((centres[truth] + 0.01 * chance.normal(size=(270, 16))).astype(np.float32))
    found = cluster(vectors, spec, seed=0)
    assert found.coarse is not None
    clustered = found.labels >= 0
    assert (found.count, int(found.coarse.max()) + 1) == (9, 3)
    assert adjusted_rand_score(truth[clustered] // 3, found.coarse[clustered]) == 1.0
    assert np.array_equal(found.coarse < 0, ~clustered)


def test_few_clusters_have_no_level_above() -> None:
    vectors, _ = groups((60, 50, 40))
    spec = ClustererSpec(kind=ClustererKind.KMEANS, k=3)
    assert cluster(vectors, spec, seed=0).coarse is None


def test_the_level_above_is_described_without_noise() -> None:
    coarse = np.array([0, 0, -1, 1])
    above = describe_coarse(["rain rain", "rain", "noise", "oven"], coarse, DataKind.TEXT)
    assert [(each.number, each.size, each.keywords) for each in above] == [
        (0, 2, ("rain",)), (1, 1, ("oven",)),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", list(ClustererKind))
def test_few_rows_and_equal_rows_are_clustered_too(kind: ClustererKind) -> None:
    vectors = np.repeat(np.eye(3, dtype=np.float32), 4, axis=0)
    found = cluster(vectors, ClustererSpec(kind=kind, k=8), seed=0)
    assert len(found.labels) == 12
    assert found.count <= 12


def test_kmeans_chooses_the_number_of_groups_by_silhouette() -> None:
    vectors, _ = groups((50, 50, 50, 50, 50))
    assert best_k(vectors, seed=0) in (4, 5, 6)


def test_all_noise_is_no_cluster() -> None:
    vectors, _ = groups()
    spec = ClustererSpec(kind=ClustererKind.HDBSCAN, min_cluster_size=90)
    found = cluster(vectors, spec, seed=0)
    assert (found.count, set(found.labels.tolist())) == (0, {-1})
    assert describe(["text"] * len(vectors), vectors, found, DataKind.TEXT) == ()
    assert (cosines(vectors, found.labels, centroids(vectors, found.labels, 0)) == -1).all()


def test_numbers_go_by_size_then_by_first_row_and_noise_stays() -> None:
    assert by_size(np.array([7, 5, 5, -1, 2, 9, 9, 9])).tolist() == [2, 1, 1, -1, 3, 0, 0, 0]


def test_centroids_are_unit_means() -> None:
    vectors = unit(np.array([[1, 0], [0, 1], [1, 0]], np.float32))
    labels = np.array([0, 0, -1])
    centres = centroids(vectors, labels, 1)
    assert np.allclose(centres, [[2**-0.5, 2**-0.5]])
    assert np.allclose(cosines(vectors, labels, centres), [2**-0.5, 2**-0.5, -1])


TEXTS = ["rain and thunder", "thunder and snow", "the oven and butter", "butter in the oven"]


def test_keywords_are_what_a_cluster_says_and_others_do_not() -> None:
    labels = np.array([0, 0, 1, 1])
    found = keywords(TEXTS, labels, 2, DataKind.TEXT)
    assert found[0][0] == "thunder"
    assert set(found[1]) == {"oven", "butter"}


def test_halves_of_contractions_are_no_keywords() -> None:
    found = keywords(
        ["the card hasn't arrived", "they don't arrive"], np.array([0, 0]), 1, DataKind.TEXT
    )
    assert not {"hasn", "don"} & set(found[0])


def test_names_are_distinct() -> None:
    assert names([("a", "b", "c", "d"), ("a", "b", "c"), (), ()]) == [
        "a, b, c", "a, b, c 2", "cluster 1", "cluster 2",
    ]  # fmt: skip


def test_a_cluster_is_described_by_its_rows() -> None:
    vectors = unit(np.array([[1, 0], [1, 0.2], [0, 1], [0.1, 1]], np.float32))
    found = Clustering(np.array([0, 0, 1, 1]), coarse=np.array([0, 0, 0, 0]))
    first, second = describe(TEXTS, vectors, found, DataKind.TEXT)
    assert (first.number, first.size, first.parent) == (0, 2, 0)
    assert set(first.exemplars) == set(TEXTS[:2])
    assert 0.99 < second.cohesion <= 1
    (above,) = describe_coarse(TEXTS, found.coarse, DataKind.TEXT)
    assert (above.number, above.size) == (0, 4)


def test_the_nearest_rows_leave_the_row_itself_out() -> None:
    vectors = unit(np.array([[1, 0], [1, 0.1], [0, 1], [0, 1]], np.float32))
    similarity, rows = neighbours.nearest(vectors, 2)
    assert rows[:, 0].tolist() == [1, 0, 3, 2]
    assert np.allclose(similarity[2], [1, vectors[1, 1]])


def test_cells_find_nearly_the_rows_that_an_exact_search_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    vectors, _ = groups((500, 500, 500, 500), spread=0.2)
    _, exact = neighbours.nearest(vectors, 10)
    monkeypatch.setattr(neighbours, "EXACT_ROWS", 1_000)
    _, first = neighbours.nearest(vectors, 10)
    _, again = neighbours.nearest(vectors, 10)
    assert np.array_equal(first, again)
    assert np.mean([len(np.intersect1d(a, b)) for a, b in zip(exact, first, strict=True)]) > 9


@pytest.mark.parametrize("most", [map2d.MAX_ROWS, 100])
def test_groups_lie_apart_on_the_map(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    monkeypatch.setattr(map2d, "MAX_ROWS", most)
    vectors, truth = groups()
    places = map2d.lay_out(vectors, seed=0)
    assert places.shape == (180, 2)
    assert np.array_equal(places, map2d.lay_out(vectors, seed=0))
    apart = np.linalg.norm(places[:, None] - places[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    assert (truth[apart.argmin(axis=1)] == truth).mean() > 0.98


def test_the_gradient_is_that_of_the_loss() -> None:
    chance = np.random.default_rng(0)
    near, middle, further = (chance.integers(0, 6, (6, k)) for k in (2, 1, 2))
    pairs = map2d.Pairs.of(near, middle, further)
    place = chance.normal(size=(6, 2)).astype(np.float32)

    def loss(at: Floats) -> float:
        def distance(partners: Ints) -> Floats:
            return 1 + ((at[:, None] - at[partners]) ** 2).sum(axis=2)

        d_near, d_middle, d_further = map(distance, (near, middle, further))
        pulls = 3 * (d_near / (10 + d_near)).sum() + 500 * (d_middle / (10_000 + d_middle)).sum()
        return float(pulls + (1 / (1 + d_further)).sum())

    expected = np.zeros((6, 2))
    for row, column in np.ndindex(6, 2):
        step = np.zeros((6, 2))
        step[row, column] = 1e-4
        expected[row, column] = (loss(place + step) - loss(place - step)) / 2e-4
    assert np.allclose(pairs.gradient(place, 3, 500), expected, atol=1e-4)


def test_few_rows_are_projected_on_their_main_directions() -> None:
    vectors, _ = groups((10, 8))
    assert map2d.lay_out(vectors, seed=0).shape == (18, 2)
