"""Edits of clusters: each is one entry of the model's log, checked against the map looked at."""

from __future__ import annotations

from collections.abc import Sequence

from store import ids, naming
from store.calls.calls import CallKind, Calls
from store.clock import now
from store.clusters.editlog import EditLog
from store.clusters.maps import Maps
from store.errors import Conflict, IllegalMove, InvalidValue, NotFound
from store.events import Events
from store.mongo import Collections
from store.objects import ObjectStore
from store.records.cluster_edit import ClusterEdit, EditKind
from store.records.cluster_map import FINE, Division, MappedCluster
from store.records.cluster_view import ClusterView, replay
from store.records.event import Event, EventKind, Topic
from store.records.model import ModelVersion

MIN_PARTS, MAX_PARTS = 2, 12
MAX_MERGED = 100
MAX_VERSIONS = 100


class Clusters(Maps):
    """Who may edit is for callers to check. An entry of an id that is there is not made again.

    `expected` is how many entries the caller saw in the log; where it has others by now, every edit
    raises Conflict.
    """

    def __init__(
        self, *, mongo: Collections, objects: ObjectStore, calls: Calls, events: Events
    ) -> None:
        super().__init__(mongo=mongo, objects=objects, calls=calls)
        self._log = EditLog(mongo=mongo)
        self._events = events

    async def rename(
        self, version_id: str, cluster_id: str, name: str, by: str, *, edit_id: str,
        expected: int | None = None,
    ) -> ClusterEdit:  # fmt: skip
        """Raises NotFound, InvalidValue, IllegalMove, Conflict."""
        if known := await self._edits.find(edit_id):
            return known
        view = await self.must_view(version_id)
        cluster = _known(view, cluster_id, "cluster")
        edit = _edit(view, edit_id, EditKind.RENAMED, by, (cluster.id,), naming.title(name))
        return await self._append(edit, f"cluster {cluster.name} is called {edit.name}", expected)

    async def merge(
        self, version_id: str, cluster_ids: Sequence[str], name: str | None, by: str,
        *, edit_id: str, expected: int | None = None,
    ) -> ClusterEdit:  # fmt: skip
        """The first stays and gets the rows of the others. Raises as `rename` does."""
        if known := await self._edits.find(edit_id):
            return known
        view = await self.must_view(version_id)
        edit = _merging(view, cluster_ids, name, by, edit_id)
        return await self._append(edit, f"{len(cluster_ids)} clusters are merged", expected)

    async def check_log(self, version: ModelVersion, expected: int | None) -> None:
        """Raises Conflict for a log that has not as many entries, IllegalMove for a full one."""
        await self._log.check(version.model_id, version.id, expected)

    async def merged(
        self, version_id: str, cluster_ids: Sequence[str], name: str | None, by: str
    ) -> tuple[ClusterView, ClusterView, int]:
        """Before and after such a merge, and in how many versions of the model it would count.

        Nothing changes. Raises as `merge` does.
        """
        view = await self.must_view(version_id)
        edit = _merging(view, cluster_ids, name, by, ids.new(ids.CLUSTER_EDIT))
        log = [*(step.edit for step in view.steps), edit]
        page = await self._maps.page({"model_id": view.map.model_id}, first=MAX_VERSIONS)
        after = [replay(fitted, log) for fitted in page.items]
        counting = sum(each.steps[-1].reason is None for each in after)
        return view, replay(view.map, log), counting

    async def split(
        self, version_id: str, cluster_id: str, into: int, by: str, *, edit_id: str,
        expected: int | None = None,
    ) -> ClusterEdit:  # fmt: skip
        """An inference worker divides its rows. Raises as `rename` and `Calls.ask` do."""
        if known := await self._edits.find(edit_id):
            return known
        if not MIN_PARTS <= into <= MAX_PARTS:
            why = f"into is {into}; it must be {MIN_PARTS} to {MAX_PARTS}"
            raise InvalidValue(why, "into")
        view = await self.must_view(version_id)
        cluster = _known(view, cluster_id, "cluster")
        if cluster.level != FINE:
            raise InvalidValue("a group of clusters cannot be split", "cluster")
        await self._log.check(view.map.model_id, version_id, expected)
        parts = [ids.new(ids.CLUSTER) for _ in range(into)]
        (division,) = await self._calls.ask(
            Division, CallKind.SPLIT, version_id, [cluster_id], edit_id=edit_id, parts=parts
        )
        kept = await self._maps.amend(version_id, lambda kept: kept.divided(division))
        made = tuple(part.id for part in (kept.division(edit_id) or division).clusters)
        edit = _edit(view, edit_id, EditKind.SPLIT, by, (cluster.id,), parts=made)
        return await self._append(edit, f"cluster {cluster.name} is split into {into}", expected)

    async def undo(
        self, model_id: str, undone_id: str, by: str, *, edit_id: str, expected: int | None = None
    ) -> ClusterEdit:
        """The entry counts no longer. Raises NotFound, and IllegalMove when it does not already."""
        if known := await self._edits.find(edit_id):
            return known
        log = await self.edits(model_id)
        undone = next((each for each in log if each.id == undone_id), None)
        if undone is None:
            raise NotFound(f"the model's log has no entry {undone_id!r}")
        if undone.kind is EditKind.UNDONE:
            raise IllegalMove("an undoing cannot be undone; make the edit again")
        if any(each.undoes == undone_id for each in log):
            raise IllegalMove("it was undone before")
        edit = ClusterEdit(
            edit_id, model_id, undone.owner_id, undone.version_id, EditKind.UNDONE, by, now(),
            undoes=undone_id,
        )  # fmt: skip
        return await self._append(edit, "an edit of its clusters was undone", expected)

    async def take_back(
        self, model_id: str, undone_id: str, by: str, *, edit_id: str
    ) -> ClusterEdit:
        """As `undo`. Raises Conflict when a later edit that counts is about the same clusters."""
        log = await self.edits(model_id)
        gone = {each.undoes for each in log}
        undone = next((each for each in log if each.id == undone_id), None)
        if undone is not None:
            touched = {*undone.clusters, *undone.parts}
            for each in log[log.index(undone) + 1 :]:
                if each.id not in gone and touched & {*each.clusters, *each.parts}:
                    raise Conflict("these clusters were edited again since", len(log))
        return await self.undo(model_id, undone_id, by, edit_id=edit_id, expected=len(log))

    async def _append(self, edit: ClusterEdit, message: str, expected: int | None) -> ClusterEdit:
        await self._log.append(edit, expected)
        self._names.forget(edit.model_id)
        related = {"model_version": edit.version_id}
        changed = EventKind.MODEL_CHANGED
        await self._events.append_if_missing(
            Event(
                Topic.MODEL, changed, edit.model_id, edit.owner_id, edit.at, message,
                related=related,
            )
        )  # fmt: skip
        return edit


def _known(view: ClusterView, cluster_id: str, field: str) -> MappedCluster:
    cluster = view.find(cluster_id)
    if cluster is None:
        raise InvalidValue(f"this version has no cluster {cluster_id!r} now", field)
    return cluster


def _merging(
    view: ClusterView, cluster_ids: Sequence[str], name: str | None, by: str, edit_id: str
) -> ClusterEdit:
    if not 2 <= len(set(cluster_ids)) == len(cluster_ids) <= MAX_MERGED:
        raise InvalidValue(f"name 2 to {MAX_MERGED} different clusters", "clusters")
    clusters = [_known(view, each, "clusters") for each in cluster_ids]
    if len({each.level for each in clusters}) > 1:
        raise InvalidValue("clusters and groups of clusters cannot be merged", "clusters")
    called = None if name is None else naming.title(name)
    return _edit(view, edit_id, EditKind.MERGED, by, tuple(cluster_ids), called)


def _edit(  # noqa: PLR0917 -- the record's fields in order
    view: ClusterView, edit_id: str, kind: EditKind, by: str, clusters: tuple[str, ...],
    name: str | None = None, parts: tuple[str, ...] = (),
) -> ClusterEdit:  # fmt: skip
    fitted = view.map
    return ClusterEdit(
        edit_id, fitted.model_id, fitted.owner_id, fitted.id, kind, by, now(), clusters, name,
        parts,
    )  # fmt: skip
