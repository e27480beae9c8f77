"""Clusters on a model version's map, as callers see them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.lazy import LazyMapCluster
from store.records import cluster_map as records
from store.records.cluster_view import ClusterView

show_enum(
    records.LineageKind,
    "What became of clusters from one version of a model to the next.",
    CONTINUED="One cluster is still there, under its id.",
    SPLIT="One cluster is now several; the largest of them has its id.",
    MERGED="Several clusters are now one, which has the id of the largest of them.",
    BORN="A cluster is new.",
    DIED="A cluster's rows are gone, or are spread over the others.",
)


@strawberry.type(description="A rectangle of the map.")
class MapBounds:
    min_x: float = strawberry.field(description="Its left edge.")
    min_y: float = strawberry.field(description="Its lower edge.")
    max_x: float = strawberry.field(description="Its right edge.")
    max_y: float = strawberry.field(description="Its upper edge.")


@dataclass(frozen=True)
class InView(records.MappedCluster):
    """A cluster with the view that it is part of."""

    view: ClusterView = field(kw_only=True)


def in_view(cluster: records.MappedCluster, view: ClusterView) -> InView:
    """The cluster, ready to be shown."""
    plain = {each.name: getattr(cluster, each.name) for each in fields(cluster)}
    return InView(**plain, view=view)


Here = strawberry.Parent[InView]


def _parent(here: Here) -> InView | None:
    parent = here.view.find(here.parent) if here.parent else None
    return in_view(parent, here.view) if parent else None


def _children(here: Here) -> list[InView]:
    found = (each for each in here.view.clusters if each.parent == here.id)
    return [in_view(each, here.view) for each in found]


async def _rows_urls(here: Here, info: Info) -> list[str]:
    clusters, fitted = info.context.store.clusters, here.view.map
    return [await clusters.part_url(fitted, part) for part in here.parts]


@strawberry.type(description="Rows that belong together, after all edits.")
class MapCluster:
    id: strawberry.ID = strawberry.field(
        description="Its lasting id: the same cluster of the model's next version has it too."
    )
    level: int = strawberry.field(description="0 for a cluster, 1 for a group of clusters.")
    name: str = strawberry.field(description="Its name: made of its keywords, or given.")
    size: int = strawberry.field(description="Its rows.")
    keywords: list[str] = strawberry.field(
        description="Words that tell it from the others, strongest first; at most 10."
    )
    exemplars: list[str] = strawberry.field(
        description="Its most typical texts, at most 10; none for a group."
    )
    cohesion: float | None = strawberry.field(
        description="Mean cosine of its rows to its middle; after a merge the mean of what was "
        "merged, null for a group."
    )
    x: float = strawberry.field(description="Its place on the map, across.")
    y: float = strawberry.field(description="Its place on the map, up.")
    bounds: MapBounds = strawberry.field(description="What holds all of its points.")
    parent: InView | None = strawberry.field(
        resolver=_parent,
        graphql_type=LazyMapCluster | None,
        description="The group that it is part of; null where there is none.",
    )
    children: list[InView] = strawberry.field(
        resolver=_children,
        graphql_type=list[LazyMapCluster],
        description="The clusters of a group, one entry each; empty for a cluster.",
    )
    numbers: list[int] = strawberry.field(
        description="What tiles, answers and the report call its rows' clusters, one entry each. "
        "Empty for the parts of a split one."
    )
    rows_urls: list[str] = strawberry.field(
        resolver=_rows_urls,
        description="Where the row numbers of its parts of split clusters can be fetched for a "
        "short while, one entry a part: uint32, little-endian, sorted.",
    )


@strawberry.type(description="Something that became of clusters since the version before.")
class ClusterEvent:
    kind: records.LineageKind = strawberry.field(description="What it was.")
    level: int = strawberry.field(description="0 of clusters, 1 of groups of clusters.")
    before: list[strawberry.ID] = strawberry.field(
        description="Clusters of the version before, one entry each."
    )
    after: list[strawberry.ID] = strawberry.field(
        description="Clusters of this version, one entry each."
    )
    overlap: float = strawberry.field(
        description="Share of the rows of `before` that are in `after`, 0 to 1, among rows that "
        "both versions were trained on."
    )
