"""A split carried over to another training of the same data.

Rows that were divided keep their part, whatever the new vectors say; each of the others goes with
the nearest of them on the map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from store.records.cluster_map import MappedCluster
from workers.pipeline.arrays import Ints, Mask
from workers.pipeline.drawing import place_of
from workers.pipeline.map_points import MapPoints, as_nearest


@dataclass(frozen=True)
class Part:
    """A part of a split cluster and the numbers of its rows, sorted."""

    cluster: MappedCluster
    rows: Ints


def carried(
    points: MapPoints, member: Mask, clusters: Sequence[MappedCluster], rows: Sequence[Ints]
) -> list[Part]:
    """The points of `member` (n,) in the parts that `rows` were in; none where no row is left."""
    part = np.full(len(points.row), -1, np.int64)
    for number, each in enumerate(rows):
        part[np.isin(points.row, each) & member] = number
    inside = np.flatnonzero(member)
    is_known = part[inside] >= 0
    if not is_known.any():
        return []
    part[inside] = as_nearest(points.xy[inside], is_known, part[inside])
    return placed(points, part, clusters)


def placed(points: MapPoints, part: Ints, clusters: Sequence[MappedCluster]) -> list[Part]:
    """Parts with the points whose `part` (n,) is their number; those without any are left out."""
    found = []
    for number, cluster in enumerate(clusters):
        inside = part == number
        if inside.any():
            x, y, bounds = place_of(points.xy[inside])
            here = replace(cluster, size=int(inside.sum()), x=x, y=y, bounds=bounds)
            found.append(Part(here, np.sort(points.row[inside])))
    return found
