"""A map's points cut into binary tiles; `store.records.tile` tells their form.

A quadtree in which every point is once, as deepscatter draws them (Schmidt 2021): the whole map is
the tile of zoom 0, and what a tile has no room for goes to its four quarters. Points stand in one
random order, in which the first of every cluster come before all others. A tile takes the first of
those that lie in it, so each zoom adds a fair sample and shows even the smallest cluster at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from store.records.cluster_map import Bounds, Tile
from store.records.tile import HEADER, MAGIC, STEPS, VERSION
from workers.pipeline.arrays import Floats, Ints, Places

MAX_POINTS = 4_096
"""70 kB a tile."""
MAX_ZOOM = 12
"""A tile of this zoom takes all: its points lie within 1/4096 of the map, or at one place."""
TEXT_CHARACTERS = 200


@dataclass(frozen=True)
class Drawn:
    """What is told of n points; every column (n,) but `xy` (n, 2) and `texts`."""

    xy: Floats
    row: Ints
    cluster: Ints
    label: Ints
    flags: Ints
    texts: Sequence[str]


def write_tiles(folder: Path, points: Drawn, bounds: Bounds, seed: int) -> tuple[Tile, ...]:
    """Leave `<zoom>-<x>-<y>.bin` and, in the same order, its texts as `<zoom>-<x>-<y>.json`."""
    edge = square_of(bounds)
    corner = np.array([bounds.min_x, bounds.min_y])
    share = np.clip((points.xy.astype(np.float64) - corner) / edge, 0, np.nextafter(1, 0))
    tiles = []
    for zoom, x, y, chosen in _cut(share, fair_order(points.cluster, seed)):
        tile = Tile(zoom, x, y, len(chosen), HEADER.size + 17 * len(chosen))
        head = (len(chosen), *(corner + edge * np.array([x, y]) / 2**zoom), edge / 2**zoom)
        content = HEADER.pack(MAGIC, VERSION, zoom, x, y, *head)
        content += _columns(points, share[chosen] * 2**zoom - (x, y), chosen)
        (folder / f"{tile.name}.bin").write_bytes(content)
        texts = [points.texts[i][:TEXT_CHARACTERS] for i in chosen]
        (folder / f"{tile.name}.json").write_text(json.dumps(texts, ensure_ascii=False))
        tiles.append(tile)
    return tuple(sorted(tiles, key=lambda tile: (tile.zoom, tile.x, tile.y)))


def square_of(bounds: Bounds) -> float:
    """The edge of the tile of zoom 0, whose lower left corner is that of `bounds`."""
    return max(bounds.max_x - bounds.min_x, bounds.max_y - bounds.min_y) or 1.0


def fair_order(cluster: Ints, seed: int) -> Places:
    """(n,): all places at random, one of every cluster first."""
    order = np.random.default_rng(seed).permutation(len(cluster))
    _, first = np.unique(cluster[order], return_index=True)
    return np.concatenate([order[np.sort(first)], np.delete(order, first)])


def _cut(share: Floats, order: Places) -> Iterator[tuple[int, int, int, Places]]:
    """Zoom, x, y and the places of the points of each tile; `share` (n, 2) is 0 to 1 of the map."""
    cells = (share * 2**MAX_ZOOM).astype(np.int64)
    waiting = [(0, 0, 0, order)]
    while waiting:
        zoom, x, y, inside = waiting.pop()
        room = MAX_POINTS if zoom < MAX_ZOOM else len(inside)
        yield zoom, x, y, inside[:room]
        rest = inside[room:]
        quarter = (cells[rest] >> (MAX_ZOOM - zoom - 1)) & 1 if len(rest) else cells[:0]
        for right in (0, 1):
            for above in (0, 1):
                there = rest[(quarter[:, 0] == right) & (quarter[:, 1] == above)]
                if len(there):
                    waiting.append((zoom + 1, 2 * x + right, 2 * y + above, there))


def _columns(points: Drawn, within: Floats, chosen: Places) -> bytes:
    """The columns of the chosen points, of which `within` (k, 2) is 0 to 1 of the tile."""
    steps = np.clip(within * STEPS, 0, STEPS - 1).astype("<u2")
    columns = (
        points.row[chosen].astype("<u4"), points.cluster[chosen].astype("<i4"),
        points.label[chosen].astype("<i4"), steps[:, 0], steps[:, 1],
        points.flags[chosen].astype("u1"),
    )  # fmt: skip
    return b"".join(column.tobytes() for column in columns)
