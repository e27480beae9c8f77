"""New texts on a map, and clusters divided, with a real bundle."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from store.codec import from_plain
from store.errors import IllegalMove
from store.records.cluster_map import FINE, Bounds, DrawnMap, MappedCluster
from store.records.dataset import DataKind
from store.records.training import ClustererKind, ClustererSpec
from tests.workers.pipeline.training import SPEC, topics, trained
from workers.pipeline.bundle import MANIFEST, load_bundle
from workers.pipeline.carrying import carried
from workers.pipeline.dividing import Learnt, divide
from workers.pipeline.kinship import recognised
from workers.pipeline.map_points import FILE, MapPoints, as_nearest
from workers.pipeline.placing import place
from workers.pipeline.serving import LIKE
from workers.pipeline.workspace import Workspace


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return trained(tmp_path_factory.mktemp("placing") / "work", topics())


@pytest.fixture(scope="module")
def points(work: Workspace) -> MapPoints:
    return MapPoints.read((work.map / FILE).read_bytes())


def learnt(work: Workspace, rows: list[int]) -> Learnt:
    vectors = work.array("embed", "vectors")[rows]
    return Learnt(vectors, np.array(rows), [topics()[row][0] for row in rows], DataKind.TEXT)


def test_known_texts_lie_near_their_own_places(work: Workspace) -> None:
    xy, train = work.array("project", "xy"), np.flatnonzero(work.array("split", "train"))
    bundle = load_bundle(work.bundle)
    placed = place(bundle, [topics()[row][0] for row in train])
    found = np.array([(each.x, each.y) for each in placed])
    away = np.linalg.norm(found - xy[train], axis=1)
    assert away.max() < np.ptp(xy, axis=0).max() / 20
    assert [each.rows[0] for each in placed] == train.tolist()
    assert {len(each.rows) for each in placed} == {LIKE}


def test_new_texts_lie_among_their_topic(work: Workspace) -> None:
    xy, rows = work.array("project", "xy"), topics(12, seed=11)
    topic_of = np.array([label for _, label, _ in topics()])
    placed = place(load_bundle(work.bundle), [text for text, _, _ in rows])
    nearest = [np.linalg.norm(xy - (each.x, each.y), axis=1).argmin() for each in placed]
    right = [topic_of[at] == label for at, (_, label, _) in zip(nearest, rows, strict=True)]
    assert np.mean(right) > 0.95


def test_a_text_has_one_place_alone_and_in_a_batch(work: Workspace) -> None:
    bundle = load_bundle(work.bundle)
    texts = ["rain and thunder", "", "an invoice for the bank", "unheard of"]
    together = place(bundle, texts)
    assert [place(bundle, [text])[0] for text in texts] == together
    assert place(bundle, texts[::-1]) == together[::-1]


def test_a_bundle_from_before_maps_loads_and_says_that_it_has_none(work: Workspace) -> None:
    path, manifest = work.bundle / "rows" / "xy.npy", work.bundle / MANIFEST
    kept, told = path.read_bytes(), manifest.read_bytes()
    older = json.loads(told)
    del older["files"]["rows/xy.npy"]
    try:
        path.unlink()
        manifest.write_text(json.dumps(older))
        with pytest.raises(IllegalMove, match="train the model again"):
            place(load_bundle(work.bundle), ["rain"])
    finally:
        path.write_bytes(kept)
        manifest.write_bytes(told)


def test_what_is_drawn_agrees_with_the_report(work: Workspace) -> None:
    drawn = json.loads((work.map / "map.json").read_bytes())
    report = json.loads(work.report.read_bytes())
    assert set(drawn) == set(DrawnMap.__dataclass_fields__)
    fine = [each for each in drawn["clusters"] if each["level"] == 0]
    told = [(each["name"], each["size"], each["x"], each["y"]) for each in report["clusters"]]
    assert [(each["name"], each["size"], each["x"], each["y"]) for each in fine] == told
    assert {each["parent"] for each in fine} == {
        each["id"] for each in drawn["clusters"] if each["level"] == 1
    }


def test_two_topics_in_one_cluster_are_told_apart(work: Workspace, points: MapPoints) -> None:
    rows = [row for row in range(60) if work.array("split", "train")[row]]
    member = points.row < 60  # finance and kitchen
    parts = divide(points, member, learnt(work, rows), ["clu_1", "clu_2"])
    assert [part.cluster.id for part in parts] == ["clu_1", "clu_2"]
    assert sum(part.cluster.size for part in parts) == 60
    assert {tuple(sorted({topics()[row][1] for row in part.rows})) for part in parts} == {
        ("finance",), ("kitchen",),
    }  # fmt: skip
    for part in parts:
        assert part.cluster.parts == (part.cluster.id,)
        assert part.cluster.size == len(part.rows)
        assert part.cluster.keywords
        inside = points.xy[np.isin(points.row, part.rows)]
        assert part.cluster.bounds.min_x == pytest.approx(inside[:, 0].min())


@pytest.mark.parametrize(("rows", "parts"), [([0, 1, 2], 2), ([], 2), ([5] * 8, 2)])
def test_too_few_rows_are_not_divided(
    work: Workspace, points: MapPoints, rows: list[int], parts: int
) -> None:
    with pytest.raises(IllegalMove):
        divide(points, points.row < 60, learnt(work, rows), [f"clu_{n}" for n in range(parts)])


def test_a_split_is_carried_by_rows_and_new_rows_join_the_nearest() -> None:
    xy = np.array([[0, 0], [1, 0], [9, 0], [10, 0], [2, 0], [8, 0], [5, 5]], np.float32)
    points = MapPoints(np.array([10, 11, 12, 13, 20, 21, 30]), np.zeros(7, np.int64), xy)
    member = points.row < 30
    rows = [np.array([10, 11, 99]), np.array([12, 13])]
    clusters = [
        MappedCluster(id, FINE, id, 0, (), (), 0.5, 0.0, 0.0, Bounds(0, 0, 0, 0), parts=(id,))
        for id in ("clu_1", "clu_2")
    ]
    parts = carried(points, member, clusters, rows)
    assert [part.rows.tolist() for part in parts] == [[10, 11, 20], [12, 13, 21]]
    assert [part.cluster.size for part in parts] == [3, 3]
    assert carried(points, member, clusters, [np.array([98]), np.array([99])]) == []
    (left,) = carried(points, member, clusters, [np.array([98]), np.array([12])])
    assert (left.cluster.id, left.cluster.size) == ("clu_2", 6)


def test_unknown_points_take_what_the_nearest_known_one_has() -> None:
    xy = np.array([[0, 0], [10, 0], [4, 0], [7, 0]], np.float32)
    known = np.array([True, True, False, False])
    assert as_nearest(xy, known, np.array([5, 6, 0, 0])).tolist() == [5, 6, 5, 6]


def test_a_map_of_noise_alone_is_drawn_and_recognised(tmp_path: Path) -> None:
    clusterer = ClustererSpec(kind=ClustererKind.HDBSCAN, min_cluster_size=60)
    work = trained(tmp_path / "work", topics(), replace(SPEC, clusterer=clusterer))
    drawn = from_plain(DrawnMap, json.loads((work.map / "map.json").read_bytes()))
    points = MapPoints.read((work.map / FILE).read_bytes())
    assert (drawn.clusters, set(points.cluster.tolist())) == ((), {-1})
    assert recognised((), points, (), points, str) == ((), ())
    assert [each.cluster for each in place(load_bundle(work.bundle), ["rain", "stew"])] == [-1, -1]
