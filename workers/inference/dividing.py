"""Splits clusters of a version that this worker holds."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import numpy as np

from store.errors import NotFound
from store.objects import keys
from store.records.cluster_map import Division, MappedCluster
from store.records.cluster_view import ClusterView
from store.records.dataset import DataKind
from store.store import Store
from workers.inference.served import Served
from workers.mapping import put_parts
from workers.pipeline.arrays import Mask
from workers.pipeline.carrying import Part
from workers.pipeline.embedders.unit import unit
from workers.pipeline.map_points import FILE, MapPoints
from workers.pipeline.serving import Bundle, KnownRows


class Splits:
    """What the texts of a call name are clusters."""

    def __init__(self, store: Store, served: Served) -> None:
        self._store = store
        self._served = served

    async def answer(
        self, subject: str, texts: Sequence[str], *, edit_id: str, parts: list[str]
    ) -> Sequence[Division]:
        bundle = await self._served.get(subject)
        view = await self._store.clusters.must_view(subject)
        return [await self._split(bundle, view, each, edit_id, parts) for each in texts]

    async def _split(
        self, bundle: Bundle, view: ClusterView, cluster_id: str, edit_id: str, ids: list[str]
    ) -> Division:
        cluster, fitted = view.find(cluster_id), view.map
        if cluster is None:
            raise NotFound(f"this version has no cluster {cluster_id} now")
        key = keys.cluster_map(fitted.model_id, fitted.id) + FILE
        points = MapPoints.read(await self._store.objects.get_bytes(key))
        member = points.having(cluster.numbers, await self._rows(view, cluster))
        kind = (await self._store.live.model_version(fitted.id)).kind
        parts = await asyncio.to_thread(_divided, points, member, bundle.known, kind, ids)
        await put_parts(self._store, fitted, parts)
        made = tuple(part.cluster for part in parts)
        return Division(edit_id, cluster.numbers, cluster.parts, made)

    async def _rows(
        self, view: ClusterView, cluster: MappedCluster
    ) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Of the parts that it has."""
        found = [await self._store.clusters.rows_of_part(view.map, each) for each in cluster.parts]
        return np.array([row for rows in found for row in rows], np.int64)


def _divided(
    points: MapPoints, member: Mask, known: KnownRows, kind: DataKind, ids: list[str]
) -> list[Part]:
    """Learnt rows among `member` (n,), told apart; see `pipeline.dividing`."""
    from workers.pipeline.dividing import Learnt, divide  # noqa: PLC0415  (scikit-learn)

    chosen = np.flatnonzero(np.isin(known.numbers, points.row[member]))
    learnt = Learnt(
        vectors=unit(known.vectors[chosen].astype(np.float32)),
        rows=known.numbers[chosen],
        texts=[known.texts[known.offsets[i] : known.offsets[i + 1]].decode() for i in chosen],
        kind=kind,
    )
    return divide(points, member, learnt, ids)
