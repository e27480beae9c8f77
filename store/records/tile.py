"""The binary form of one tile of a cluster map, for whoever draws the points.

Little-endian throughout. A header of 32 bytes, then one column after the other, n points each:

    offset  type      what
    0       char[4]   `SHMT`
    4       uint16    version of this form, 1
    6       uint16    zoom
    8       uint32    x of the tile, 0 to 2^zoom - 1, from the left
    12      uint32    y of the tile, 0 to 2^zoom - 1, from below
    16      uint32    n, the points in it
    20      float32   left edge on the map
    24      float32   lower edge on the map
    28      float32   length of an edge on the map
    32      uint32    n rows: numbers in the data set's version
            int32     n clusters: numbers in the model version, -1 for noise
            int32     n labels: places in the model version's `labels`, -1 without one
            uint16    n across: left edge + length * (value + 0.5) / 65536
            uint16    n up, likewise
            uint8     n flags: 1 held out for the test, 2 in no cluster, 4 labelled wrong there;
                      the upper five bits 0, or 1 to 31 for the probability there of 0 to 1

Every point is in exactly one tile. A tile holds a fair sample of what lies in it and in no tile of
a lower zoom; so a view is drawn from the tiles of all zooms that meet it, coarsest first. Points of
a tile are in the order in which they are thinned out: its first hundred are a fair sample too.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

MAGIC, VERSION = b"SHMT", 1
HEADER = struct.Struct("<4sHHIIIfff")
STEPS = 2**16
"""Places that a coordinate can have within a tile."""
TEST, NOISE, WRONG, SURE = 1, 2, 4, 8
SURE_STEPS = 31
"""Places of the model's probability of its own answer, for rows that were held out."""


@dataclass(frozen=True, slots=True)
class TilePoint:
    row: int
    x: float
    y: float
    cluster: int
    label: int
    flags: int


def read_tile(data: bytes) -> list[TilePoint]:
    """The points of a tile, in order. Raises ValueError for anything else."""
    if len(data) < HEADER.size:
        raise ValueError("this is no tile: it has no header")
    magic, version, _, _, _, count, left, low, edge = HEADER.unpack_from(data)
    if (magic, version) != (MAGIC, VERSION) or len(data) != HEADER.size + 17 * count:
        raise ValueError("this is no tile of this version, or not all of it")
    columns = struct.unpack_from(f"<{count}I{count}i{count}i{count}H{count}H{count}B", data, 32)
    rows, clusters, labels, across, up, flags = (
        columns[start * count : (start + 1) * count] for start in range(6)
    )
    return [
        TilePoint(row, left + edge * (x + 0.5) / STEPS, low + edge * (y + 0.5) / STEPS, *rest)
        for row, x, y, *rest in zip(rows, across, up, clusters, labels, flags, strict=True)
    ]
