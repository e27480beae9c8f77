"""What each row is to be called: its label, a label spread from its cluster, or its cluster."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from store.records.report import Cluster
from workers.pipeline.arrays import Floats, Ints, Mask

MIN_LABELLED = 5
"""Labelled rows that a cluster needs before it may speak for the others."""
MIN_PURITY = 0.9
"""Share of them that must agree."""


@dataclass(frozen=True)
class Targets:
    classes: tuple[str, ...]
    y: Ints
    """(n,): the class of each row, -1 where it has none."""
    spread: Mask
    """(n,): true where the class came from the row's cluster beside labelled rows."""
    from_clusters: bool
    """No row was labelled, so the clusters are the classes."""


def targets(
    labels: Sequence[str | None], clustering: Ints, clusters: Sequence[Cluster],
    cosines: Floats, may_learn: Mask,
) -> Targets:  # fmt: skip
    """`cosines` (n,) are those of each row to its centroid; labels spread among `may_learn`."""
    known = sorted({label for label in labels if label})
    if not known:
        nothing = np.zeros(len(labels), np.bool_)
        return Targets(tuple(each.name for each in clusters), clustering.copy(), nothing, True)
    number = {label: place for place, label in enumerate(known)}
    y = np.array([number[label] if label else -1 for label in labels], np.int64)
    spread = np.zeros(len(y), np.bool_)
    for cluster in clusters:
        _spread_in(clustering == cluster.number, y, spread, cosines, may_learn)
    return Targets(tuple(known), y, spread, from_clusters=False)


def _spread_in(
    members: Mask, y: Ints, spread: Mask,
    cosines: Floats, may_learn: Mask,
) -> None:  # fmt: skip
    """Give the cluster's class to its unlabelled rows that lie in its nearer half, in place."""
    labelled = members & may_learn & (y >= 0) & ~spread
    open_rows = members & may_learn & (y < 0)
    if labelled.sum() < MIN_LABELLED or not open_rows.any():
        return
    classes, counts = np.unique(y[labelled], return_counts=True)
    if counts.max() < MIN_PURITY * labelled.sum():
        return
    near = open_rows & (cosines >= np.median(cosines[members]))
    y[near] = classes[counts.argmax()]
    spread |= near
