"""The log of edits replayed over fitted clusters."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from store.records.cluster_edit import ClusterEdit, EditKind
from store.records.cluster_map import (
    COARSE,
    FINE,
    Bounds,
    ClusterMap,
    Division,
    Lineage,
    LineageKind,
    MappedCluster,
)
from store.records.cluster_view import ClusterView, replay

AT = datetime(2026, 1, 2, tzinfo=UTC)


def cluster(id: str, size: int, parent: str | None, number: int | None) -> MappedCluster:
    x = float(size)
    return MappedCluster(
        id, COARSE if number is None else FINE, id.upper(), size, (f"{id}1", f"{id}2", "all"),
        (f"text {id}",), None if number is None else size / 10, x, -x, Bounds(x, -x, x + 1, 1 - x),
        parent, () if number is None else (number,),
    )  # fmt: skip


CLUSTERS = (
    cluster("a", 1, "g", 0), cluster("b", 3, "h", 1), cluster("c", 2, "h", 2),
    cluster("g", 1, None, None), cluster("h", 5, None, None),
)  # fmt: skip


def fitted(**more: Any) -> ClusterMap:
    return ClusterMap(
        "mdv_2", "mdl_1", "usr_1", "ds_1", 6, Bounds(0, -5, 5, 5), (), CLUSTERS, AT, **more
    )


def edit(number: int, kind: EditKind, *clusters: str, **more: Any) -> ClusterEdit:
    return ClusterEdit(
        f"ced_{number}", "mdl_1", "usr_1", "mdv_1", kind, "usr_1", AT, clusters, **more
    )


def names(view: ClusterView) -> dict[str, str]:
    return {each.id: each.name for each in view.clusters}


def test_without_edits_the_clusters_are_as_fitted() -> None:
    view = replay(fitted(), [])
    assert (view.clusters, view.steps) == (CLUSTERS, ())
    assert view.of_number(1) == CLUSTERS[1]
    assert (view.of_number(-1), view.find("x")) == (None, None)


def test_a_merge_has_the_rows_of_all() -> None:
    view = replay(fitted(), [edit(1, EditKind.MERGED, "a", "b", name="both")])
    merged = view.find("a")
    assert merged is not None
    assert (merged.name, merged.size, merged.numbers, merged.parent) == ("both", 4, (0, 1), "h")
    assert merged.keywords == ("a1", "b1", "a2", "b2", "all")
    assert merged.exemplars == ("text a", "text b")
    assert merged.cohesion == pytest.approx((0.1 + 3 * 0.3) / 4)
    assert (merged.x, merged.y) == (2.5, -2.5)
    assert merged.bounds == Bounds(1, -3, 4, 0)
    assert view.of_number(1) == merged


def test_a_group_that_holds_nothing_any_more_is_not_shown() -> None:
    view = replay(fitted(), [edit(1, EditKind.MERGED, "a", "b")])
    assert [(each.id, each.size) for each in view.clusters if each.level == COARSE] == [("h", 6)]


def test_merged_groups_hold_the_clusters_of_both() -> None:
    view = replay(fitted(), [edit(1, EditKind.MERGED, "g", "h")])
    assert {each.parent for each in view.clusters if each.level == FINE} == {"g"}
    assert [(each.id, each.size) for each in view.clusters if each.level == COARSE] == [("g", 6)]


def test_edits_count_in_their_order() -> None:
    log = [
        edit(1, EditKind.RENAMED, "b", name="first"),
        edit(2, EditKind.MERGED, "a", "b"),
        edit(3, EditKind.RENAMED, "b", name="too late"),
        edit(4, EditKind.RENAMED, "a", name="last"),
    ]
    view = replay(fitted(), log)
    assert names(view) == {"a": "last", "c": "C", "h": "H"}
    reasons = [step.reason for step in view.steps]
    assert reasons == [None, None, "this version has no cluster b", None]
    undone = replay(fitted(), [*log, edit(5, EditKind.UNDONE, undoes="ced_2")])
    assert names(undone) == {"a": "last", "b": "too late", "c": "C", "g": "G", "h": "H"}
    assert [step.reason for step in undone.steps][1:3] == ["it was undone", None]


def test_what_became_of_a_missing_cluster_is_told() -> None:
    events = (
        Lineage(LineageKind.MERGED, FINE, ("x", "a"), ("a",), 1.0),
        Lineage(LineageKind.DIED, FINE, ("y",), (), 0.0),
    )
    log = [edit(1, EditKind.RENAMED, "x", name="n"), edit(2, EditKind.MERGED, "b", "y")]
    view = replay(fitted(lineage=events), log)
    assert [step.reason for step in view.steps] == [
        "x has merged into a in this version", "y has died in this version",
    ]  # fmt: skip
    assert view.clusters == CLUSTERS


def test_parts_take_the_place_of_what_was_split() -> None:
    log = [edit(1, EditKind.SPLIT, "b", parts=("p", "q"))]
    assert [step.reason for step in replay(fitted(), log).steps] == [
        "the rows of this version were not divided"
    ]
    parts = tuple(
        MappedCluster(id, FINE, id, size, (), (), 0.5, 0, 0, Bounds(0, 0, 1, 1), parts=(id,))
        for id, size in (("p", 2), ("q", 1))
    )
    divided = fitted().divided(Division("ced_1", (1,), (), parts))
    assert divided.divided(Division("ced_1", (), (), ())) == divided
    view = replay(divided, log)
    assert list(names(view)) == ["a", "p", "q", "c", "g", "h"]
    assert (view.of_number(1), view.part_ids) == (None, ("p", "q"))
    assert {each.parent for each in view.clusters if each.id in "pq"} == {"h"}
    both = [edit(0, EditKind.MERGED, "b", "c"), *log]
    assert [step.reason for step in replay(divided, both).steps] == [
        None, "the cluster has other rows than when it was split",
    ]  # fmt: skip
