"""Tiles of a map and the points in them, as callers see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import strawberry

from schema.clusters.types import InView, MapCluster, in_view
from schema.context import Info
from schema.scalars import BigInt
from store.clusters import PointShown
from store.errors import InvalidValue
from store.records import cluster_map as records
from store.records.cluster_view import ClusterView
from store.records.model import ModelVersion
from store.records.tile import TEST, WRONG

MAX_POINTS = 2_000
FirstPoints = Annotated[int, strawberry.argument(description="How many at most, 1 to 2,000.")]


@dataclass(frozen=True)
class MapShown:
    """The map of a version as its viewer sees it."""

    version: ModelVersion
    view: ClusterView


@dataclass(frozen=True)
class TileShown(records.Tile):
    """A tile with the map that it is part of."""

    shown: MapShown


Here = strawberry.Parent[TileShown]


def tile_on(tile: records.Tile, shown: MapShown) -> TileShown:
    """The tile, ready to be shown."""
    return TileShown(tile.zoom, tile.x, tile.y, tile.points, tile.bytes, shown)


@strawberry.type(description="A row on the map.")
class MapPoint:
    row: int = strawberry.field(description="Its number in the data set's version.")
    x: float = strawberry.field(description="Its place, across.")
    y: float = strawberry.field(description="Its place, up.")
    text: str = strawberry.field(description="Its text, cut after 200 characters.")
    label: str | None = strawberry.field(description="Its label, if it has one.")
    cluster: InView | None = strawberry.field(
        graphql_type=MapCluster | None, description="Its cluster, after all edits; null for none."
    )
    is_test: bool = strawberry.field(description="Whether it was held out for the test.")
    is_wrong: bool = strawberry.field(
        description="Whether it was held out and the model gives it another label than it has."
    )


async def _points(here: Here, info: Info, first: FirstPoints = 100) -> list[MapPoint]:
    if not 1 <= first <= MAX_POINTS:
        raise InvalidValue(f"first is {first}; it must be 1 to {MAX_POINTS:,}", "first")
    found = await info.context.store.clusters.points(here.shown.view, here, first)
    return [_shown(each, here.shown) for each in found]


def _shown(found: PointShown, on: MapShown) -> MapPoint:
    point = found.point
    cluster = on.view.find(found.cluster_id) if found.cluster_id else None
    return MapPoint(
        row=point.row,
        x=point.x,
        y=point.y,
        text=found.text,
        label=on.version.labels[point.label] if point.label >= 0 else None,
        cluster=in_view(cluster, on.view) if cluster else None,
        is_test=bool(point.flags & TEST),
        is_wrong=bool(point.flags & WRONG),
    )


async def _url(here: Here, info: Info) -> str:
    return await info.context.store.clusters.tile_url(here.shown.view.map, here, "bin")


async def _texts_url(here: Here, info: Info) -> str:
    return await info.context.store.clusters.tile_url(here.shown.view.map, here, "json")


@strawberry.type(
    description="A square of the map. Every point is in exactly one tile: each has a fair sample "
    "of what lies in it and is in no tile of a lower zoom. Draw a view from the tiles of all zooms "
    "that meet it, zoom 0 first. The tile of zoom 0 is the square whose lower left corner is that "
    "of the map's bounds and whose edge is the longer of theirs; each zoom halves the edge."
)
class MapTile:
    zoom: int = strawberry.field(description="0 for the whole map.")
    x: int = strawberry.field(description="0 to 2^zoom - 1, from the left.")
    y: int = strawberry.field(description="0 to 2^zoom - 1, from below.")
    count: int = strawberry.field(
        resolver=lambda root: root.points, description="Points in it, at most 4,096 below zoom 12."
    )
    bytes: BigInt = strawberry.field(description="Size of what `url` gives.")
    url: str = strawberry.field(
        resolver=_url,
        description="Where its points can be fetched for a short while. Little-endian: a header of "
        "32 bytes (`SHMT`, uint16 version 1, uint16 zoom, uint32 x, uint32 y, uint32 n, float32 "
        "left, float32 low, float32 edge), then columns of n: uint32 row, int32 cluster (-1 none), "
        "int32 place in the version's labels (-1 none), uint16 u, uint16 v, uint8 flags (1 test, "
        "2 in no cluster, 4 test and wrong; divided by 8: 0, or 1 + 30 * the probability that the "
        "model gave its answer there). x = left + edge * (u + 0.5) / 65536, and y likewise.",
    )
    texts_url: str = strawberry.field(
        resolver=_texts_url,
        description="Where the texts of its points, cut after 200 characters, can be fetched: a "
        "JSON list in the same order.",
    )
    points: list[MapPoint] = strawberry.field(
        resolver=_points,
        description="Its first points, at most `first`: a fair sample, for who reads no binary.",
    )
