"""The rows of a training as points of its map."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from store.records.cluster_map import Bounds
from workers.pipeline.arrays import Floats, Ints, Mask

FILE = "points.npz"
PAIRS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class MapPoints:
    """n points: `row` (n,), `cluster` (n,) with -1 for noise, `xy` (n, 2)."""

    row: Ints
    cluster: Ints
    xy: Floats

    def save(self, folder: Path) -> None:
        np.savez(
            folder / FILE, row=self.row.astype(np.uint32), cluster=self.cluster.astype(np.int32),
            xy=self.xy.astype(np.float32),
        )  # fmt: skip

    @classmethod
    def read(cls, data: bytes) -> MapPoints:
        """From the bytes of the file that `save` left."""
        with np.load(BytesIO(data), allow_pickle=False) as kept:
            row, cluster = kept["row"].astype(np.int64), kept["cluster"].astype(np.int64)
            return cls(row, cluster, kept["xy"])

    def having(self, numbers: tuple[int, ...], rows: NDArray[np.integer]) -> Mask:
        """(n,): whether a point is in one of these clusters, or has one of these rows."""
        found: Mask = np.isin(self.cluster, numbers) | np.isin(self.row, rows)
        return found


def bounds_of(xy: Floats) -> Bounds:
    """Of at least one point."""
    low, high = xy.min(axis=0), xy.max(axis=0)
    return Bounds(float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def as_nearest(xy: Floats, known: Mask, values: Ints) -> Ints:
    """(n,): `values` where they are known, else that of the nearest point where one is."""
    found = values.copy()
    unknown, base = np.flatnonzero(~known), xy[known]
    step = max(1, PAIRS_AT_ONCE // max(len(base), 1))
    for start in range(0, len(unknown), step):
        some = unknown[start : start + step]
        apart = ((xy[some, None, :] - base[None]) ** 2).sum(axis=2)
        found[some] = values[known][apart.argmin(axis=1)]
    return found
