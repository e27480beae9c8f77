"""Maps: tiles of 100,000 points, clusters known again, and new texts placed among their like."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from bench.data import banking77
from bench.figure import Figure, at_least, at_most
from bench.map_frames import map_frames
from bench.platform import Platform, Stopwatch
from bench.training import published
from store.records.tile import TilePoint, read_tile
from workers.pipeline.drawing import flags_of
from workers.pipeline.lineage import Overlap, lineage
from workers.pipeline.map_points import bounds_of
from workers.pipeline.tiles import Drawn, write_tiles

POINTS, CLUSTERS = 100_000, 200
TEXTS_AT_ONCE = 64
LIKE = 10
"""Nearest training rows that are looked at."""
TILES = """query Tiles($id: ID!) { modelVersion(id: $id) {
  labels clusterMap { pointCount tiles { url bytes count } clusters { id } }
} }"""
PLACE = """query Place($input: PlaceTextsInput!) {
  placeTexts(input: $input) { places { x y } userErrors { message } }
}"""
APPEND = """mutation Append($input: AppendToDatasetInput!) {
  appendToDataset(input: $input) { version { id } job { id } userErrors { message } }
}"""
DATASET = "query Dataset($id: ID!) { modelVersion(id: $id) { dataset { id } } }"
Doubles = NDArray[np.float64]


async def maps(platform: Platform) -> list[Figure]:
    """Every figure of the map."""
    made = await asyncio.to_thread(_tiles)
    _, version = await published(platform, "maps")
    return [
        *made,
        *await map_frames(platform, version["model"]["id"], _clouds()),
        *await _placed(platform, version),
        *await _known_again(platform, version),
    ]


def _tiles() -> list[Figure]:
    drawn = _clouds()
    with tempfile.TemporaryDirectory() as scratch:
        watch = Stopwatch()
        tiles = write_tiles(Path(scratch), drawn, bounds_of(drawn.xy), seed=0)
        cut_s = watch.seconds
        texts = sum(path.stat().st_size for path in Path(scratch).glob("*.json"))
    size = sum(tile.bytes for tile in tiles)
    moved = np.where(np.random.default_rng(1).random(POINTS) < 0.1, 0, drawn.cluster)
    found = Overlap.of(drawn.row, drawn.cluster, drawn.row, moved, CLUSTERS, CLUSTERS)
    ids: Callable[[], str] = iter(map(str, range(POINTS))).__next__
    watch = Stopwatch()
    lineage(found, tuple(ids() for _ in range(CLUSTERS)), ids, 0)
    print(f"# {len(tiles)} tiles, {size:,} bytes, {texts:,} bytes of texts")
    return [
        at_most("map_100k_tiles", cut_s, 3, "s"),
        at_most("map_100k_bytes_a_point", size / POINTS, 18, "B"),
        at_most("map_100k_largest_tile", max(tile.bytes for tile in tiles) / 1000, 70, "kB"),
        at_most("map_100k_lineage", watch.seconds, 1, "s"),
    ]


def _clouds() -> Drawn:
    """Clusters of uneven sizes with texts of 60 characters."""
    chance = np.random.default_rng(0)
    shares = chance.dirichlet(np.full(CLUSTERS, 0.8))
    cluster = chance.choice(CLUSTERS, POINTS, p=shares)
    xy = chance.normal(0, 20, (CLUSTERS, 2))[cluster] + chance.normal(0, 1, (POINTS, 2))
    nowhere = np.zeros(POINTS, bool)
    return Drawn(
        xy=xy.astype(np.float32), row=np.arange(POINTS), cluster=cluster, label=cluster % 77,
        flags=flags_of(nowhere, cluster, nowhere, np.full(POINTS, np.nan)),
        texts=[f"text {n:055}" for n in range(POINTS)],
    )  # fmt: skip


async def _placed(platform: Platform, version: dict[str, Any]) -> list[Figure]:
    """How many of the nearest training rows have a new text's label, beside a training row's own.

    New texts were not laid out; were their places as good, the ratio would be 1.
    """
    shown = (await platform.api.run(TILES, id=version["id"]))["modelVersion"]
    points = await _points(shown["clusterMap"]["tiles"])
    known = np.array([(point.x, point.y) for point in points])
    labels = np.array([shown["labels"][point.label] for point in points])
    test = banking77("test")
    watch = Stopwatch()
    places = await _place(platform, test.texts)
    each_ms = 1000 * watch.seconds / len(test.texts)
    tree = cKDTree(known)
    new = _alike(labels[tree.query(places, LIKE)[1]], np.array(test.labels))
    old = _alike(labels[tree.query(known, LIKE + 1)[1][:, 1:]], labels)
    print(f"# alike: {new:.3f} of new texts' nearest, {old:.3f} of training rows'")
    return [
        at_least("placed_texts_alike_over_laid_out", new / old, 0.9, "x"),
        at_most("placed_text", each_ms, 20, "ms"),
    ]


def _alike(near: NDArray[np.str_], own: NDArray[np.str_]) -> float:
    return float((near == own[:, None]).mean())


async def _points(tiles: list[dict[str, Any]]) -> list[TilePoint]:
    """Every point of the map, from the URLs that any client gets."""
    async with aiohttp.ClientSession() as session:
        found: list[TilePoint] = []
        for tile in tiles:
            async with session.get(tile["url"]) as reply:
                found += read_tile(await reply.read())
    return found


async def _place(platform: Platform, texts: list[str]) -> Doubles:
    """(n, 2)."""
    found: list[tuple[float, float]] = []
    for start in range(0, len(texts), TEXTS_AT_ONCE):
        asked = {"model": "maps", "texts": texts[start : start + TEXTS_AT_ONCE]}
        payload = (await platform.api.run(PLACE, input=asked))["placeTexts"]
        found += [(place["x"], place["y"]) for place in payload["places"]]
    return np.array(found)


async def _known_again(platform: Platform, version: dict[str, Any]) -> list[Figure]:
    """The share of clusters that keep their ids when a third more rows are trained on."""
    test = banking77("test")
    dataset = (await platform.api.run(DATASET, id=version["id"]))["modelVersion"]["dataset"]
    rows = [{"text": t, "label": x} for t, x in zip(test.texts, test.labels, strict=True)]
    more = await platform.api.run(APPEND, input={"datasetId": dataset["id"], "rows": rows})
    made = more["appendToDataset"]
    await platform.wait_for(made["job"]["id"])
    later = await platform.train(made["version"]["id"], "maps")
    before, after = [
        {each["id"] for each in found["modelVersion"]["clusterMap"]["clusters"]}
        for found in [await platform.api.run(TILES, id=each["id"]) for each in (version, later)]
    ]
    print(f"# {len(before)} clusters, then {len(after)}, of which {len(before & after)} known")
    return [at_least("clusters_known_again", len(before & after) / len(before), 0.6)]
