"""The map of a training, drawn to be kept: tiles, clusters of both levels, the points by row."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from store.codec import to_plain
from store.records.cluster_map import COARSE, FINE, Bounds, DrawnMap, MappedCluster
from store.records.report import Cluster, CoarseCluster
from store.records.tile import NOISE, SURE, SURE_STEPS, TEST, WRONG
from workers.pipeline.arrays import Doubles, Floats, Ints, Mask
from workers.pipeline.map_points import MapPoints, bounds_of
from workers.pipeline.tiles import Drawn, write_tiles

INDEX = "map.json"


def draw(
    folder: Path, points: Drawn, clusters: Sequence[Cluster], groups: Sequence[CoarseCluster],
    seed: int,
) -> DrawnMap:  # fmt: skip
    """Leave tiles, `points.npz` and `map.json`."""
    folder.mkdir(parents=True)
    bounds = bounds_of(points.xy)
    drawn = DrawnMap(
        points=len(points.row),
        bounds=bounds,
        tiles=write_tiles(folder, points, bounds, seed),
        clusters=_clusters(points, clusters, groups),
    )
    MapPoints(points.row, points.cluster, points.xy).save(folder)
    (folder / INDEX).write_text(json.dumps(to_plain(drawn), ensure_ascii=False))
    return drawn


def flags_of(test: Mask, cluster: Ints, wrong: Mask, sure: Floats | Doubles) -> Ints:
    """(n,): what a tile tells of each point in one byte; `sure` is NaN where nobody measured it."""
    flags: Ints = TEST * test + NOISE * (cluster < 0) + WRONG * wrong
    steps = np.where(np.isnan(sure), 0, 1 + np.rint(np.nan_to_num(sure) * (SURE_STEPS - 1)))
    return flags + SURE * steps.astype(np.int64)


def _clusters(
    points: Drawn, clusters: Sequence[Cluster], groups: Sequence[CoarseCluster]
) -> tuple[MappedCluster, ...]:
    """Called `<level>:<number>` until it is known which of them there were before."""
    above = np.array([-1 if each.parent is None else each.parent for each in clusters])
    found = [
        MappedCluster(
            f"{FINE}:{each.number}", FINE, each.name, each.size, each.keywords, each.exemplars,
            each.cohesion, *place_of(points.xy[points.cluster == each.number]),
            parent=None if each.parent is None else f"{COARSE}:{each.parent}",
            numbers=(each.number,),
        )
        for each in clusters
    ]  # fmt: skip
    for group in groups:
        inside = points.xy[np.isin(points.cluster, np.flatnonzero(above == group.number))]
        found.append(
            MappedCluster(
                f"{COARSE}:{group.number}", COARSE, group.name, group.size, group.keywords, (),
                None, *place_of(inside),
            )
        )  # fmt: skip
    return tuple(found)


def place_of(xy: Floats) -> tuple[float, float, Bounds]:
    """x and y of the median, and the bounds."""
    x, y = np.median(xy, axis=0)
    return float(x), float(y), bounds_of(xy)
