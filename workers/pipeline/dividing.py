"""A cluster split into parts by the vectors of its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.errors import IllegalMove
from store.records.cluster_map import FINE, Bounds, MappedCluster
from store.records.dataset import DataKind
from workers.pipeline.arrays import Floats, Ints, Mask
from workers.pipeline.carrying import Part, placed
from workers.pipeline.clusterers.clustering import Clustering
from workers.pipeline.clusterers.kmeans import kmeans
from workers.pipeline.clusterers.naming import describe
from workers.pipeline.map_points import MapPoints, as_nearest

FEWEST_ROWS = 2
"""Rows that a part should have on average."""
SEED = 0


@dataclass(frozen=True)
class Learnt:
    """The rows that were learnt from: `vectors` (m, d), `rows` (m,) their numbers, their texts."""

    vectors: Floats
    rows: Ints
    texts: Sequence[str]
    kind: DataKind


def divide(points: MapPoints, member: Mask, learnt: Learnt, ids: Sequence[str]) -> list[Part]:
    """The points of `member` (n,) in as many parts as there are `ids`, the largest first.

    k-means tells the rows that were learnt from apart. The vectors of held-out ones are not kept:
    each goes with the nearest of the others on the map. Raises IllegalMove.
    """
    vectors, labels = _told_apart(learnt, len(ids))
    described = describe(learnt.texts, vectors, Clustering(labels), learnt.kind)
    part = np.full(len(points.row), -1, np.int64)
    number_of = dict(zip(learnt.rows.tolist(), labels.tolist(), strict=True))
    inside = np.flatnonzero(member)
    part[inside] = [number_of.get(row, -1) for row in points.row[inside].tolist()]
    part[inside] = as_nearest(points.xy[inside], part[inside] >= 0, part[inside])
    clusters = [
        MappedCluster(
            cluster_id, FINE, each.name, each.size, each.keywords, each.exemplars, each.cohesion,
            0.0, 0.0, Bounds(0.0, 0.0, 0.0, 0.0), parts=(cluster_id,),
        )
        for cluster_id, each in zip(ids, described, strict=True)
    ]  # fmt: skip
    return placed(points, part, clusters)


def _told_apart(learnt: Learnt, count: int) -> tuple[Floats, Ints]:
    if len(learnt.rows) < FEWEST_ROWS * count:
        raise IllegalMove(
            f"{len(learnt.rows)} of its rows were learnt from, too few for {count} parts"
        )
    labels = kmeans(learnt.vectors, count, SEED).labels
    if labels.max() + 1 < count:
        raise IllegalMove(f"its rows do not fall into {count} parts")
    return learnt.vectors, labels
