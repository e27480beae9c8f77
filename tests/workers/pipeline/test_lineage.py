"""What becomes of clusters between two trainings, on cases made by hand."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from store.records.cluster_map import COARSE, FINE, Bounds, LineageKind, MappedCluster
from workers.pipeline.kinship import recognised
from workers.pipeline.lineage import Kin, Overlap, lineage
from workers.pipeline.map_points import MapPoints

K = LineageKind
Told = set[tuple[LineageKind, tuple[str, ...], tuple[str, ...]]]


def kin(old: list[int], new: list[int], shift: int = 0) -> Kin:
    """Of rows labelled `old` and then `new`; `shift` gives the new ones later row numbers."""
    a, b = np.array(old), np.array(new)
    rows = np.arange(len(a)), shift + np.arange(len(b))
    found = Overlap.of(rows[0], a, rows[1], b, a.max(initial=-1) + 1, b.max(initial=-1) + 1)
    fresh = iter(f"new{n}" for n in range(99))
    return lineage(found, tuple(f"old{n}" for n in range(a.max() + 1)), fresh.__next__, FINE)


def told(found: Kin) -> Told:
    return {(each.kind, each.before, each.after) for each in found.events}


def test_renumbered_clusters_keep_their_ids() -> None:
    found = kin([0] * 6 + [1] * 4, [1] * 6 + [0] * 4)
    assert found.ids == ("old1", "old0")
    assert told(found) == {(K.CONTINUED, ("old0",), ("old0",)), (K.CONTINUED, ("old1",), ("old1",))}
    assert [each.overlap for each in found.events] == [1.0, 1.0]


def test_a_cluster_that_loses_a_few_rows_continues() -> None:
    found = kin([0] * 10 + [1] * 10, [0] * 8 + [1] * 12)
    assert found.ids == ("old0", "old1")
    assert {each.kind for each in found.events} == {K.CONTINUED}
    assert [each.overlap for each in found.events] == [0.8, 1.0]


@pytest.mark.parametrize("cut", [5, 6, 7])
def test_a_split_leaves_the_id_with_the_largest_piece(cut: int) -> None:
    found = kin([0] * 10, [0] * cut + [1] * (10 - cut))
    assert found.ids == ("old0", "new0")
    assert told(found) == {(K.SPLIT, ("old0",), ("old0", "new0"))}
    assert found.events[0].overlap == 1.0


def test_a_small_piece_is_no_split() -> None:
    found = kin([0] * 10, [0] * 8 + [1] * 2)
    assert told(found) == {(K.CONTINUED, ("old0",), ("old0",)), (K.BORN, (), ("new0",))}


def test_a_merge_has_the_id_of_the_largest() -> None:
    found = kin([0] * 4 + [1] * 6, [0] * 10)
    assert found.ids == ("old1",)
    assert told(found) == {(K.MERGED, ("old0", "old1"), ("old1",))}


def test_what_is_spread_over_many_dies_and_what_comes_of_many_is_born() -> None:
    old = [0] * 9 + [1] * 30 + [2] * 30 + [3] * 30
    new = [0, 0, 0, 1, 1, 1, 2, 2, 2] + ([0] * 28 + [3] * 2) + [1] * 28 + [3] * 2
    new += [2] * 28 + [3] * 2
    found = kin(old, new)
    assert found.ids == ("old1", "old2", "old3", "new0")
    assert (K.DIED, ("old0",), ()) in told(found)
    assert (K.BORN, (), ("new0",)) in told(found)


def test_noise_belongs_to_nothing() -> None:
    found = kin([0] * 4 + [-1] * 6, [-1] * 4 + [0] * 6)
    assert told(found) == {(K.DIED, ("old0",), ()), (K.BORN, (), ("new0",))}


def test_only_rows_that_both_have_count() -> None:
    old, new = [0] * 10 + [1] * 10, [0] * 10 + [1] * 10
    found = kin(old, new, shift=10)  # of the old rows 10 to 19 are left, now in the first cluster
    assert found.ids == ("old1", "new0")
    assert told(found) == {
        (K.CONTINUED, ("old1",), ("old1",)), (K.DIED, ("old0",), ()), (K.BORN, (), ("new0",)),
    }  # fmt: skip


def test_without_common_rows_all_is_new() -> None:
    found = kin([0, 0, 1], [0, 1, 1], shift=100)
    assert found.ids == ("new0", "new1")
    assert {each.kind for each in found.events} == {K.BORN, K.DIED}


def test_no_id_is_given_twice() -> None:
    chance = np.random.default_rng(5)
    for _ in range(50):
        found = kin(chance.integers(-1, 6, 60).tolist(), chance.integers(-1, 6, 60).tolist())
        assert len(set(found.ids)) == len(found.ids)


def cluster(level: int, number: int, parent: str | None = None) -> MappedCluster:
    return MappedCluster(
        f"{level}:{number}", level, f"n{number}", 1, (), (), None, 0.0, 0.0, Bounds(0, 0, 1, 1),
        parent, () if level else (number,),
    )  # fmt: skip


def test_both_levels_are_recognised() -> None:
    def fresh() -> Iterator[str]:
        yield from (f"id{n}" for n in range(99))

    labels = np.repeat(np.arange(4), 5)
    points = MapPoints(np.arange(20), labels, np.zeros((20, 2), np.float32))
    drawn = [cluster(FINE, n, f"1:{n // 2}") for n in range(4)]
    drawn += [cluster(COARSE, n) for n in range(2)]
    ids = fresh()
    first, events = recognised(drawn, points, (), None, ids.__next__)
    assert [each.id for each in first] == ["id0", "id1", "id2", "id3", "id4", "id5"]
    assert [each.parent for each in first] == ["id4", "id4", "id5", "id5", None, None]
    assert {each.kind for each in events} == {K.BORN}

    again = MapPoints(points.row, 3 - labels, points.xy)  # numbered the other way round
    second, events = recognised(drawn, again, first, points, ids.__next__)
    assert [each.id for each in second] == ["id3", "id2", "id1", "id0", "id5", "id4"]
    assert [each.parent for each in second] == ["id5", "id5", "id4", "id4", None, None]
    assert {(each.kind, each.level) for each in events} == {(K.CONTINUED, 0), (K.CONTINUED, 1)}
