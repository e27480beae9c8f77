"""A new map's clusters, recognised among those of the map before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from store.records.cluster_map import COARSE, FINE, Lineage, MappedCluster
from workers.pipeline.arrays import Ints
from workers.pipeline.lineage import Overlap, lineage
from workers.pipeline.map_points import MapPoints

NOBODY = MapPoints(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, 2), np.float32))


def recognised(
    drawn: Sequence[MappedCluster], points: MapPoints, known: Sequence[MappedCluster],
    before: MapPoints | None, new_id: Callable[[], str],
) -> tuple[tuple[MappedCluster, ...], tuple[Lineage, ...]]:  # fmt: skip
    """The drawn clusters under lasting ids, and what became of the known ones, level by level.

    Without points `before`, of rows that both have, all of them are new.
    """
    ids: dict[str, str] = {}
    events: list[Lineage] = []
    for level in (FINE, COARSE):
        old, new = _of(known, level), _of(drawn, level)
        old_points = before or NOBODY
        found = Overlap.of(
            old_points.row, _labels(old_points, known, old),
            points.row, _labels(points, drawn, new), len(old), len(new),
        )  # fmt: skip
        kin = lineage(found, tuple(each.id for each in old), new_id, level)
        ids |= zip((each.id for each in new), kin.ids, strict=True)
        events += kin.events
    clusters = (
        replace(each, id=ids[each.id], parent=each.parent and ids[each.parent]) for each in drawn
    )
    return tuple(clusters), tuple(events)


def _of(clusters: Sequence[MappedCluster], level: int) -> list[MappedCluster]:
    return [each for each in clusters if each.level == level]


def _labels(
    points: MapPoints, clusters: Sequence[MappedCluster], wanted: Sequence[MappedCluster]
) -> Ints:
    """(n,): the place in `wanted` of each point's cluster, or of its group; -1 for neither."""
    at = {each.id: place for place, each in enumerate(wanted)}
    top = max((number for each in clusters for number in each.numbers), default=-1)
    place_of = np.full(top + 2, -1, np.int64)  # the last is noise's
    for each in clusters:
        for number in each.numbers:
            place_of[number] = at.get(each.id, at.get(each.parent or "", -1))
    found: Ints = place_of[points.cluster]
    return found
