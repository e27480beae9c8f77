"""The map of a version that was just trained: kept, its clusters known from the version before."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path

import numpy as np
import orjson

from store import ids
from store.clock import now
from store.clusters.maps import part_key
from store.codec import from_plain
from store.objects import keys
from store.records.cluster_edit import ClusterEdit, EditKind
from store.records.cluster_map import ClusterMap, Division, DrawnMap
from store.records.cluster_view import replay
from store.records.job import Job
from store.store import Store
from workers.attempts.folders import push
from workers.pipeline.carrying import Part, carried
from workers.pipeline.drawing import INDEX
from workers.pipeline.kinship import recognised
from workers.pipeline.map_points import FILE, MapPoints


async def keep_map(store: Store, job: Job, folder: Path) -> None:
    """Store what the training drew in `folder`, for the version that the job has committed to."""
    model_id, version_id = job.model_id or "", job.model_version_id or ""
    await push(store.objects, folder, keys.cluster_map(model_id, version_id))
    drawn = from_plain(DrawnMap, orjson.loads((folder / INDEX).read_bytes()))
    points = MapPoints.read((folder / FILE).read_bytes())
    before = await store.clusters.before(model_id, version_id)
    known = before.clusters if before else ()
    old = await _points_of(store, before, job.dataset_id)
    clusters, events = await asyncio.to_thread(
        recognised, drawn.clusters, points, known, old, partial(ids.new, ids.CLUSTER)
    )
    model = await store.mongo.models.get(model_id)
    fitted = ClusterMap(
        id=version_id, model_id=model_id, owner_id=model.owner_id, dataset_id=job.dataset_id,
        points=drawn.points, bounds=drawn.bounds, tiles=drawn.tiles, clusters=clusters,
        created_at=now(), previous_id=before.id if before else None, lineage=events,
    )  # fmt: skip
    if before is not None and old is not None:
        fitted = await _carry(store, before, fitted, points)
    await store.clusters.keep(fitted)


async def _points_of(store: Store, before: ClusterMap | None, dataset_id: str) -> MapPoints | None:
    """None where row numbers mean something else: they last within one data set."""
    if before is None or before.dataset_id != dataset_id:
        return None
    key = keys.cluster_map(before.model_id, before.id) + FILE
    return MapPoints.read(await store.objects.get_bytes(key))


async def _carry(
    store: Store, before: ClusterMap, fitted: ClusterMap, points: MapPoints
) -> ClusterMap:
    """With every split of the map before whose cluster is still there."""
    log = _in_force(await store.clusters.edits(fitted.model_id))
    for place, edit in enumerate(log):
        division = before.division(edit.id)
        cluster = replay(fitted, log[:place]).find(edit.clusters[0])
        if division is None or cluster is None:
            continue
        kept = [await store.clusters.rows_of_part(before, part.id) for part in division.clusters]
        parts_rows = [await store.clusters.rows_of_part(fitted, part) for part in cluster.parts]
        member = points.having(cluster.numbers, _joined(parts_rows))
        rows = [np.array(each, np.int64) for each in kept]
        parts = await asyncio.to_thread(carried, points, member, division.clusters, rows)
        if parts:
            await put_parts(store, fitted, parts)
            made = tuple(part.cluster for part in parts)
            fitted = fitted.divided(Division(edit.id, cluster.numbers, cluster.parts, made))
    return fitted


async def put_parts(store: Store, fitted: ClusterMap, parts: list[Part]) -> None:
    """Store the rows of parts."""
    for part in parts:
        content = part.rows.astype("<u4").tobytes()
        await store.objects.put_bytes(part_key(fitted, part.cluster.id), content)


def _in_force(log: list[ClusterEdit]) -> list[ClusterEdit]:
    undone = {edit.undoes for edit in log}
    return [e for e in log if e.id not in undone and e.kind is not EditKind.UNDONE]


def _joined(rows: list[tuple[int, ...]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array([row for each in rows for row in each], np.int64)
