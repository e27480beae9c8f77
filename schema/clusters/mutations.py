"""Editing clusters."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.clusters.edits import ClusterEdit, shown
from schema.clusters.map import ClusterMap
from schema.clusters.tiles import MapShown
from schema.context import Info
from schema.errors import UserError
from schema.fields import idempotency_key, no_errors, with_payload
from schema.once import once
from schema.permissions import Requires
from schema.visibility import find_model_version, must_own
from store import ids
from store.records.account import Scope
from store.records.model import ModelVersion


@strawberry.input(description="Another name for a cluster.")
class RenameClusterInput:
    version_id: strawberry.ID = strawberry.field(description="The version looked at.")
    cluster: strawberry.ID = strawberry.field(description="The cluster, or group of clusters.")
    name: str = strawberry.field(description="Its new name, 1 to 200 characters.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="Clusters that are one.")
class MergeClustersInput:
    version_id: strawberry.ID = strawberry.field(description="The version looked at.")
    clusters: list[strawberry.ID] = strawberry.field(
        description="The clusters, or the groups of clusters: at least 2, at most 100. The first "
        "one stays."
    )
    name: str | None = strawberry.field(
        default=None, description="A name for all of it; null keeps the first one's."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A cluster that is several.")
class SplitClusterInput:
    version_id: strawberry.ID = strawberry.field(description="The version looked at.")
    cluster: strawberry.ID = strawberry.field(description="The cluster.")
    into: int = strawberry.field(default=2, description="How many parts, 2 to 12.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An edit that is to count no longer.")
class UndoClusterEditInput:
    version_id: strawberry.ID = strawberry.field(description="The version looked at.")
    edit: strawberry.ID = strawberry.field(description="The edit, by its id in the log.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="A model's clusters after an edit.")
class ClusterEditPayload:
    edit: ClusterEdit | None = strawberry.field(
        default=None, description="The entry that the model's log has got."
    )
    cluster_map: MapShown | None = strawberry.field(
        default=None,
        graphql_type=ClusterMap | None,
        description="The map of the version looked at, as it is now.",
    )
    user_errors: list[UserError] = no_errors()


Renaming = Annotated[RenameClusterInput, strawberry.argument(description="The name.")]
Merging = Annotated[MergeClustersInput, strawberry.argument(description="The clusters.")]
Splitting = Annotated[SplitClusterInput, strawberry.argument(description="The cluster.")]
Undoing = Annotated[UndoClusterEditInput, strawberry.argument(description="The edit.")]


async def _must_own(info: Info, version_id: str) -> ModelVersion:
    return await must_own(info.context, find_model_version, version_id, "versionId")


async def _payload(info: Info, version: ModelVersion, edit_id: str) -> ClusterEditPayload:
    view = await info.context.store.clusters.must_view(version.id)
    step = next(each for each in view.steps if each.edit.id == edit_id)
    return ClusterEditPayload(edit=shown(step), cluster_map=MapShown(version, view))


@strawberry.type
class ClusterMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Give a cluster another name, in this version and in all where it is still there.",
    )
    async def rename_cluster(self, info: Info, input: Renaming) -> ClusterEditPayload:
        async def make(edit_id: str) -> None:
            await info.context.store.clusters.rename(
                version.id, input.cluster, input.name, info.context.signed_in.id, edit_id=edit_id
            )

        version = await _must_own(info, input.version_id)
        return await _payload(info, version, await once(info, input, ids.CLUSTER_EDIT, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Make clusters one, in this version and in all where each of them is still there.",
    )
    async def merge_clusters(self, info: Info, input: Merging) -> ClusterEditPayload:
        async def make(edit_id: str) -> None:
            await info.context.store.clusters.merge(
                version.id, input.clusters, input.name, info.context.signed_in.id, edit_id=edit_id
            )

        version = await _must_own(info, input.version_id)
        return await _payload(info, version, await once(info, input, ids.CLUSTER_EDIT, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Divide a cluster by the vectors of its rows. Versions trained later on the same data set "
        "keep the parts: known rows stay in theirs, new ones join the nearest on the map.",
    )
    async def split_cluster(self, info: Info, input: Splitting) -> ClusterEditPayload:
        async def make(edit_id: str) -> None:
            await info.context.store.clusters.split(
                version.id, input.cluster, input.into, info.context.signed_in.id, edit_id=edit_id
            )

        version = await _must_own(info, input.version_id)
        return await _payload(info, version, await once(info, input, ids.CLUSTER_EDIT, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Let an edit count no longer. The log keeps it, and this.",
    )
    async def undo_cluster_edit(self, info: Info, input: Undoing) -> ClusterEditPayload:
        async def make(edit_id: str) -> None:
            await info.context.store.clusters.undo(
                version.model_id, input.edit, info.context.signed_in.id, edit_id=edit_id
            )

        version = await _must_own(info, input.version_id)
        return await _payload(info, version, await once(info, input, ids.CLUSTER_EDIT, make))
