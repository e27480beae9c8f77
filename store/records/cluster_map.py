"""What is kept of a model version's map: tiles, clusters, and what became of earlier ones."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

FINE, COARSE = 0, 1
"""Levels: clusters, and groups of clusters."""


class LineageKind(StrEnum):
    """What became of a cluster from one version to the next."""

    CONTINUED = "CONTINUED"
    SPLIT = "SPLIT"
    MERGED = "MERGED"
    BORN = "BORN"
    DIED = "DIED"


@dataclass(frozen=True, slots=True)
class Bounds:
    min_x: float
    min_y: float
    max_x: float
    max_y: float

    def joined(self, other: Bounds) -> Bounds:
        """What holds both."""
        return Bounds(
            min(self.min_x, other.min_x), min(self.min_y, other.min_y),
            max(self.max_x, other.max_x), max(self.max_y, other.max_y),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of the map at one zoom; its bytes are told in `store.records.tile`."""

    zoom: int
    x: int
    y: int
    points: int
    bytes: int

    @property
    def name(self) -> str:
        return f"{self.zoom}-{self.x}-{self.y}"


@dataclass(frozen=True, slots=True)
class MappedCluster:
    """Rows that belong together, under an id that later versions keep."""

    id: str
    level: int
    """FINE, or COARSE for a group of clusters."""
    name: str
    size: int
    keywords: tuple[str, ...]
    exemplars: tuple[str, ...]
    cohesion: float | None
    """Mean cosine of its rows to its centroid; None for a group."""
    x: float
    y: float
    """The median of its rows' places."""
    bounds: Bounds
    parent: str | None = None
    """The group that it is part of."""
    numbers: tuple[int, ...] = ()
    """Fitted clusters whose rows it has: what tiles and answers call them."""
    parts: tuple[str, ...] = ()
    """Parts of split clusters whose rows it has: each has its rows in an object of its own."""


@dataclass(frozen=True, slots=True)
class Lineage:
    """One thing that happened to clusters between the version before and this one."""

    kind: LineageKind
    level: int
    before: tuple[str, ...]
    after: tuple[str, ...]
    overlap: float
    """Share of the rows of `before`, among those that both versions have, that `after` has."""


@dataclass(frozen=True, slots=True)
class Division:
    """Into what an edit split a cluster of this version."""

    edit_id: str
    numbers: tuple[int, ...]
    split_parts: tuple[str, ...]
    """With `numbers`, the rows that were divided."""
    clusters: tuple[MappedCluster, ...]


@dataclass(frozen=True, slots=True)
class DrawnMap:
    """What a training draws; its clusters are called by level and number until they are known."""

    points: int
    bounds: Bounds
    tiles: tuple[Tile, ...]
    clusters: tuple[MappedCluster, ...]


@dataclass(frozen=True, slots=True)
class ClusterMap:
    """The map of the model version of this id, as it was fitted."""

    id: str
    model_id: str
    owner_id: str
    dataset_id: str
    points: int
    bounds: Bounds
    tiles: tuple[Tile, ...]
    clusters: tuple[MappedCluster, ...]
    created_at: datetime
    previous_id: str | None = None
    """The version that the lineage begins from."""
    lineage: tuple[Lineage, ...] = ()
    divisions: tuple[Division, ...] = ()
    revision: int = 0

    def divided(self, division: Division) -> ClusterMap:
        """With the parts of one more split; told twice, it changes nothing."""
        if any(each.edit_id == division.edit_id for each in self.divisions):
            return self
        return replace(self, divisions=(*self.divisions, division))

    def division(self, edit_id: str) -> Division | None:
        return next((each for each in self.divisions if each.edit_id == edit_id), None)

    def fate(self, cluster_id: str) -> Lineage | None:
        """What became here of a cluster that the version before had."""
        return next((each for each in self.lineage if cluster_id in each.before), None)


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a new text lies on a map that was drawn without it."""

    x: float
    y: float
    cluster: int
    """Number of the fitted cluster; -1 when there is none."""
    cosine: float
    """To the nearest training row: near 0, the place says little."""
    rows: tuple[int, ...]
    """The training rows it was placed by, nearest first."""
    truncated: bool = False
