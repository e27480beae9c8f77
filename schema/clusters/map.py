"""A model version's map: its tiles, its clusters, the log of edits."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.clusters.edits import ClusterEdit
from schema.clusters.tiles import MapShown, MapTile, TileShown, tile_on
from schema.clusters.types import ClusterEvent, InView, MapBounds, MapCluster, in_view
from schema.context import Info
from schema.cost import costs
from store.errors import InvalidValue
from store.records import cluster_map as records
from store.records.cluster_map import COARSE, FINE
from store.records.cluster_view import Step
from store.records.model import ModelVersion

Here = strawberry.Parent[MapShown]
Level = Annotated[int, strawberry.argument(description="0 for clusters, 1 for groups of clusters.")]
Id = Annotated[strawberry.ID, strawberry.argument(description="The cluster's id.")]
Zoom = Annotated[int, strawberry.argument(description="0 for the whole map.")]
OneZoom = Annotated[
    int | None, strawberry.argument(description="Tiles of this zoom alone; null for all.")
]


@strawberry.input(description="A tile among those of its zoom.")
class TileInput:
    x: int = strawberry.field(description="0 to 2^zoom - 1, from the left.")
    y: int = strawberry.field(description="0 to 2^zoom - 1, from below.")


At = Annotated[TileInput | None, strawberry.argument(description="The tile; null for the first.")]


async def map_of(version: strawberry.Parent[ModelVersion], info: Info) -> MapShown | None:
    """The resolver of `ModelVersion.clusterMap`."""
    view = await info.context.store.clusters.view(version.id)
    return MapShown(version, view) if view else None


def _clusters(here: Here, level: Level = FINE) -> list[InView]:
    if level not in (FINE, COARSE):
        raise InvalidValue(f"level is {level}; it must be {FINE} or {COARSE}", "level")
    return [in_view(each, here.view) for each in here.view.clusters if each.level == level]


def _cluster(here: Here, id: Id) -> InView | None:
    cluster = here.view.find(id)
    return in_view(cluster, here.view) if cluster else None


def _tiles(here: Here, zoom: OneZoom = None) -> list[TileShown]:
    return [tile_on(each, here) for each in here.view.map.tiles if zoom in (None, each.zoom)]


def _points(here: Here, tile: At = None, zoom: Zoom = 0) -> TileShown | None:
    wanted = (zoom, tile.x, tile.y) if tile else (zoom, 0, 0)
    tiles = (tile_on(each, here) for each in here.view.map.tiles)
    return next((each for each in tiles if (each.zoom, each.x, each.y) == wanted), None)


def _events(here: Here) -> tuple[records.Lineage, ...]:
    return here.view.map.lineage


def _edits(here: Here) -> list[Step]:
    return list(reversed(here.view.steps))


@strawberry.type(
    description="Where the rows of a model version's training lie, so that those that belong "
    "together lie together (PaCMAP; Wang et al. 2021), and in which clusters."
)
class ClusterMap:
    revision: int = strawberry.field(
        resolver=lambda root: len(root.view.steps),
        description="Pass it as `expectedVersion` to edits of clusters: entries in the log.",
    )
    point_count: int = strawberry.field(
        resolver=lambda root: root.view.map.points, description="Rows on it."
    )
    bounds: records.Bounds = strawberry.field(
        resolver=lambda root: root.view.map.bounds,
        graphql_type=MapBounds,
        description="What holds all of its points.",
    )
    zooms: int = strawberry.field(
        resolver=lambda root: 1 + max(each.zoom for each in root.view.map.tiles),
        description="How many zooms it has tiles for.",
    )
    clusters: list[InView] = strawberry.field(
        directives=costs(2),
        resolver=_clusters,
        graphql_type=list[MapCluster],
        description="Its clusters of a level after all edits, one entry each.",
    )
    cluster: InView | None = strawberry.field(
        directives=costs(2),
        resolver=_cluster,
        graphql_type=MapCluster | None,
        description="A cluster by its id; null when this version has none of that id now.",
    )
    tiles: list[TileShown] = strawberry.field(
        directives=costs(2),
        resolver=_tiles,
        graphql_type=list[MapTile],
        description="Its tiles that have points, one entry each, lower zooms first.",
    )
    points: TileShown | None = strawberry.field(
        directives=costs(2),
        resolver=_points,
        graphql_type=MapTile | None,
        description="The points of one tile; null when it has none.",
    )
    events: tuple[records.Lineage, ...] = strawberry.field(
        resolver=_events,
        graphql_type=list[ClusterEvent],
        description="What became of the clusters of the version before, one entry an event.",
    )
    edits: list[Step] = strawberry.field(
        resolver=_edits,
        graphql_type=list[ClusterEdit],
        description="The model's log of edits, newest first, at most 1,000: also those that do "
        "not count in this version.",
    )
