"""Editing clusters."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.clusters.edits import ClusterEdit
from schema.clusters.map import ClusterMap
from schema.clusters.tiles import MapShown
from schema.context import Info
from schema.errors import UserError
from schema.fields import dry_run, idempotency_key, no_errors, undo_token, with_payload
from schema.once import once
from schema.permissions import Requires
from schema.visibility import find_model_version, must_own
from store import ids
from store.records.account import Scope
from store.records.cluster_edit import EditKind
from store.records.cluster_view import Step
from store.records.model import ModelVersion
from store.records.undo import UndoKind


def log_version() -> Any:
    """The field `expectedVersion` of an edit."""
    return strawberry.field(
        default=None,
        description="The `revision` of the cluster map that the caller saw; refused when clusters "
        "of the model were edited since.",
    )


@strawberry.input(description="Another name for a cluster.")
class RenameClusterInput:
    version_id: strawberry.ID = strawberry.field(description="The version looked at.")
    cluster: strawberry.ID = strawberry.field(description="The cluster, or group of clusters.")
    name: str = strawberry.field(description="Its new name, 1 to 200 characters.")
    expected_version: int | None = log_version()
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
    dry_run: bool = dry_run()
    expected_version: int | None = log_version()
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A cluster that is several.")
class SplitClusterInput:
    version_id: strawberry.ID = strawberry.field(description="The version looked at.")
    cluster: strawberry.ID = strawberry.field(description="The cluster.")
    into: int = strawberry.field(default=2, description="How many parts, 2 to 12.")
    expected_version: int | None = log_version()
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An edit that is to count no longer.")
class UndoClusterEditInput:
    version_id: strawberry.ID = strawberry.field(description="The version looked at.")
    edit: strawberry.ID = strawberry.field(description="The edit, by its id in the log.")
    expected_version: int | None = log_version()
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What a merge changes in the version looked at.")
class MergeEffect:
    rows: int = strawberry.field(description="Rows of the cluster that stays.")
    clusters_before: int = strawberry.field(description="Clusters and groups now.")
    clusters_after: int = strawberry.field(description="Clusters and groups then.")
    versions: int = strawberry.field(
        description="Versions of the model in which it counts, of the newest 100."
    )


@strawberry.type(description="A model's clusters after an edit.")
class ClusterEditPayload:
    edit: Step | None = strawberry.field(
        default=None,
        graphql_type=ClusterEdit | None,
        description="The entry that the model's log has got.",
    )
    cluster_map: MapShown | None = strawberry.field(
        default=None,
        graphql_type=ClusterMap | None,
        description="The map of the version looked at, as it is now.",
    )
    effect: MergeEffect | None = strawberry.field(
        default=None, description="What a merge would change, told by its dry run."
    )
    undo_token: str | None = undo_token()
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
    token = None
    if step.edit.kind is not EditKind.UNDONE:
        token = await info.context.store.undo.offer(
            UndoKind.CLUSTERS_EDITED, version.model_id, info.context.signed_in.id,
            expected=len(view.steps), before={"edit": edit_id},
        )  # fmt: skip
    return ClusterEditPayload(edit=step, cluster_map=MapShown(version, view), undo_token=token)


async def _effect(info: Info, version: ModelVersion, input: MergeClustersInput) -> MergeEffect:
    before, after, versions = await info.context.store.clusters.merged(
        version.id, input.clusters, input.name, info.context.signed_in.id
    )
    stays = after.find(input.clusters[0])
    return MergeEffect(
        rows=stays.size if stays else 0, clusters_before=len(before.clusters),
        clusters_after=len(after.clusters), versions=versions,
    )  # fmt: skip


@strawberry.type
class ClusterMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Give a cluster another name, in this version and in all where it is still there.",
    )
    async def rename_cluster(self, info: Info, input: Renaming) -> ClusterEditPayload:
        async def make(edit_id: str) -> None:
            await info.context.store.clusters.rename(
                version.id, input.cluster, input.name, info.context.signed_in.id, edit_id=edit_id,
                expected=input.expected_version,
            )  # fmt: skip

        version = await _must_own(info, input.version_id)
        return await _payload(info, version, await once(info, input, ids.CLUSTER_EDIT, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Make clusters one, in this version and in all where each of them is still there.",
    )
    async def merge_clusters(self, info: Info, input: Merging) -> ClusterEditPayload:
        async def make(edit_id: str) -> None:
            await clusters.merge(
                version.id, input.clusters, input.name, info.context.signed_in.id, edit_id=edit_id,
                expected=input.expected_version,
            )  # fmt: skip

        clusters = info.context.store.clusters
        version = await _must_own(info, input.version_id)
        if input.dry_run:
            await clusters.check_log(version, input.expected_version)
            return ClusterEditPayload(effect=await _effect(info, version, input))
        return await _payload(info, version, await once(info, input, ids.CLUSTER_EDIT, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Divide a cluster by the vectors of its rows. Versions trained later on the same data set "
        "keep the parts: known rows stay in theirs, new ones join the nearest on the map.",
    )
    async def split_cluster(self, info: Info, input: Splitting) -> ClusterEditPayload:
        async def make(edit_id: str) -> None:
            await info.context.store.clusters.split(
                version.id, input.cluster, input.into, info.context.signed_in.id, edit_id=edit_id,
                expected=input.expected_version,
            )  # fmt: skip

        version = await _must_own(info, input.version_id)
        return await _payload(info, version, await once(info, input, ids.CLUSTER_EDIT, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Let an edit count no longer. The log keeps it, and this.",
    )
    async def undo_cluster_edit(self, info: Info, input: Undoing) -> ClusterEditPayload:
        async def make(edit_id: str) -> None:
            await info.context.store.clusters.undo(
                version.model_id, input.edit, info.context.signed_in.id, edit_id=edit_id,
                expected=input.expected_version,
            )  # fmt: skip

        version = await _must_own(info, input.version_id)
        return await _payload(info, version, await once(info, input, ids.CLUSTER_EDIT, make))
