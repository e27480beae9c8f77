"""Maps of model versions, as they are kept and shown.

A map's objects lie under its model's prefix: tiles and their texts, `points.npz` for workers, and
`parts/<id>.bin` with the rows of each part of a split cluster, uint32, little-endian, sorted.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import orjson

from store.calls.calls import CallKind, Calls
from store.errors import NotFound, StoreError
from store.mongo import Collections
from store.objects import ObjectStore, keys
from store.recall import Recall
from store.records.cluster_edit import ClusterEdit
from store.records.cluster_map import ClusterMap, MappedCluster, Placement, Tile
from store.records.cluster_view import ClusterNames, ClusterView, replay
from store.records.tile import TilePoint, read_tile

MAX_EDITS = 1_000
NAMES_KEPT_S = 1.0
PLACED_AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class PointShown:
    """A point with its text, and the cluster that it is in after all edits."""

    point: TilePoint
    text: str
    cluster_id: str | None


class Fallen(NamedTuple):
    """A text and the fitted cluster of a version that it falls into."""

    version_id: str
    number: int
    text: str


class Maps:
    """Everything raises Unavailable when a service does not answer."""

    def __init__(self, *, mongo: Collections, objects: ObjectStore, calls: Calls) -> None:
        self._maps = mongo.cluster_maps
        self._edits = mongo.cluster_edits
        self._objects = objects
        self._calls = calls
        self._names = Recall[ClusterNames](NAMES_KEPT_S, lambda names: names.model_id)

    async def find(self, version_id: str) -> ClusterMap | None:
        """None for versions made before maps were kept, and for bundles from elsewhere."""
        return await self._maps.find(version_id)

    async def before(self, model_id: str, version_id: str) -> ClusterMap | None:
        """The map of the version that the model had when this one was made."""
        page = await self._maps.page({"model_id": model_id}, first=1, after_id=version_id)
        return page.items[0] if page.items else None

    async def keep(self, fitted: ClusterMap) -> None:
        """Told twice, by two attempts, the first one counts."""
        await self._maps.insert_many_ignoring_known([fitted])

    async def edits(self, model_id: str) -> list[ClusterEdit]:
        """The model's log, oldest first."""
        return await self._edits.all_by({"model_id": model_id}, MAX_EDITS)

    async def view(self, version_id: str) -> ClusterView | None:
        """Its clusters after all edits; None as in `find`."""
        fitted = await self._maps.find(version_id)
        return replay(fitted, await self.edits(fitted.model_id)) if fitted else None

    async def must_view(self, version_id: str) -> ClusterView:
        """Raises NotFound when the version has no map."""
        view = await self.view(version_id)
        if view is None:
            raise NotFound("this version has no map; train the model again")
        return view

    async def names(self, version_id: str) -> ClusterNames:
        """What its clusters are called; nothing for a version without a map.

        It costs nothing within a second; another process's edits show within that second.
        """
        names = self._names.get(version_id)
        if names is None:
            names = await self._named(version_id)
            self._names.keep(version_id, names)
        return names

    async def called(self, fallen: Sequence[Fallen]) -> list[str | None]:
        """What the cluster of each text is called after all edits.

        Of a split one it is its nearest row's part. None for a version without a map, and for such
        a text while no worker can place it.
        """
        names = {each: await self.names(each) for each in {each.version_id for each in fallen}}
        lost = [each for each in fallen if names[each.version_id].is_split(each.number)]
        rows = await self._rows_near(lost)
        return [names[each.version_id].called(each.number, rows.get(each, ())) for each in fallen]

    async def place(self, version_id: str, texts: Sequence[str]) -> list[Placement]:
        """One place a text, in order. Raises what `Calls.ask` does."""
        return await self._calls.ask(Placement, CallKind.PLACE, version_id, texts)

    async def homes_of(
        self, view: ClusterView, placed: Sequence[Placement]
    ) -> list[MappedCluster | None]:
        """The cluster that each text falls into: of a split one, its nearest row's part."""
        rows = {row for each in placed for row in each.rows}
        homes = await self.homes(view, rows)
        return [_home_of(view, each, homes) for each in placed]

    # -- objects ----------------------------------------------------------------------------------

    async def tile_url(self, fitted: ClusterMap, tile: Tile, ending: str) -> str:
        """Of its points, `bin`, or their texts, `json`."""
        name = f"{tile.name}.{ending}"
        return await self._objects.download_url(_prefix(fitted) + name, name)

    async def part_url(self, fitted: ClusterMap, part_id: str) -> str:
        """Of the numbers of its rows."""
        return await self._objects.download_url(part_key(fitted, part_id), f"{part_id}.bin")

    async def rows_of_part(self, fitted: ClusterMap, part_id: str) -> tuple[int, ...]:
        """The numbers of its rows, sorted."""
        data = await self._objects.get_bytes(part_key(fitted, part_id))
        return struct.unpack(f"<{len(data) // 4}I", data)

    async def points(self, view: ClusterView, tile: Tile, first: int) -> list[PointShown]:
        """The first points of a tile, a fair sample of it."""
        stem = _prefix(view.map) + tile.name
        points = read_tile(await self._objects.get_bytes(f"{stem}.bin"))[:first]
        texts = orjson.loads(await self._objects.get_bytes(f"{stem}.json"))[:first]
        homes = await self.homes(view, {point.row for point in points})
        return [
            PointShown(point, text, homes.get(point.row) or _home(view, point.cluster))
            for point, text in zip(points, texts, strict=True)
        ]

    async def homes(self, view: ClusterView, rows: set[int]) -> dict[int, str]:
        """The cluster of those of the rows that are in a part of a split one."""
        found: dict[int, str] = {}
        for part_id in view.part_ids:
            home = view.of_part(part_id)
            inside = rows & set(await self.rows_of_part(view.map, part_id))
            found |= dict.fromkeys(inside, home.id if home else part_id)
        return found

    # -- how --------------------------------------------------------------------------------------

    async def _named(self, version_id: str) -> ClusterNames:
        view = await self.view(version_id)
        if view is None:
            return ClusterNames("", {}, {})
        by_number = {number: each.name for each in view.clusters for number in each.numbers}
        by_row: dict[int, str] = {}
        for each in view.clusters:
            for part in each.parts:
                by_row |= dict.fromkeys(await self.rows_of_part(view.map, part), each.name)
        return ClusterNames(view.map.model_id, by_number, by_row)

    async def _rows_near(self, fallen: Sequence[Fallen]) -> dict[Fallen, tuple[int, ...]]:
        """The nearest rows of each text; none for those that cannot be placed now."""
        found: dict[Fallen, tuple[int, ...]] = {}
        for version_id in {each.version_id for each in fallen}:
            own = [each for each in fallen if each.version_id == version_id]
            for start in range(0, len(own), PLACED_AT_ONCE):
                some = own[start : start + PLACED_AT_ONCE]
                with suppress(StoreError):
                    placed = await self.place(version_id, [each.text for each in some])
                    found |= {each: at.rows for each, at in zip(some, placed, strict=True)}
        return found


def _prefix(fitted: ClusterMap) -> str:
    return keys.cluster_map(fitted.model_id, fitted.id)


def part_key(fitted: ClusterMap, part_id: str) -> str:
    """The object with the rows of a part."""
    return f"{_prefix(fitted)}parts/{part_id}.bin"


def _home(view: ClusterView, number: int) -> str | None:
    home: MappedCluster | None = view.of_number(number) if number >= 0 else None
    return home.id if home else None


def _home_of(view: ClusterView, placed: Placement, homes: dict[int, str]) -> MappedCluster | None:
    whole = view.of_number(placed.cluster)
    if whole is not None or placed.cluster < 0:
        return whole
    found = (view.find(homes[row]) for row in placed.rows if row in homes)
    return next(found, None)
