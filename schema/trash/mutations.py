"""Deleting, restoring, purging."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.context import Context, Info
from schema.errors import Missing
from schema.fields import with_payload
from schema.once import check_revision, once
from schema.permissions import Requires
from schema.trash.inputs import (
    DeleteDatasetInput,
    DeleteModelInput,
    PurgeInput,
    RestoreDatasetInput,
    RestoreModelInput,
)
from schema.trash.payloads import (
    DeleteDatasetPayload,
    DeleteModelPayload,
    PurgePayload,
    RestoreDatasetPayload,
    RestoreModelPayload,
)
from schema.undo import offer
from schema.visibility import find_dataset, find_model, find_trashed, must_find, must_own
from store import ids
from store.records.account import Scope
from store.records.job import Job
from store.records.undo import UndoKind
from store.trash import Effect, Thing

DatasetIn = Annotated[DeleteDatasetInput, strawberry.argument(description="What to delete.")]
ModelIn = Annotated[DeleteModelInput, strawberry.argument(description="What to delete.")]
DatasetOut = Annotated[RestoreDatasetInput, strawberry.argument(description="What to restore.")]
ModelOut = Annotated[RestoreModelInput, strawberry.argument(description="What to restore.")]
Purged = Annotated[PurgeInput, strawberry.argument(description="What to purge.")]


async def _delete(
    info: Info, thing: Thing, input: DeleteDatasetInput | DeleteModelInput
) -> tuple[Any, Effect, str | None]:
    """The thing as it is now, what goes with it, and what brings it back."""
    trash, by = info.context.store.trash, info.context.signed_in.id
    check_revision(thing, input.expected_version)
    effect = await trash.effect(thing)
    if input.dry_run:
        return thing, effect, None
    gone = await trash.put(thing.id, by, expected_revision=input.expected_version)
    return gone, effect, await offer(info, UndoKind.DELETED, thing, gone, thing.id)


async def _restore(
    context: Context, prefix: str, input: RestoreDatasetInput | RestoreModelInput
) -> Any:
    if ids.prefix_of(input.id) != prefix:
        raise Missing(f"there is no {input.id!r}", "id")
    await must_find(context, find_trashed, input.id, "id")
    return await context.store.trash.restore(input.id, expected_revision=input.expected_version)


@strawberry.type
class TrashMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Put a data set into the trash; models that were trained from it stay.",
    )
    async def delete_dataset(self, info: Info, input: DatasetIn) -> DeleteDatasetPayload:
        known = await must_find(info.context, find_dataset, input.id, "id")
        dataset, effect, token = await _delete(info, known, input)
        return DeleteDatasetPayload(dataset=dataset, effect=effect, undo_token=token)

    @with_payload(
        Requires(Scope.WRITE),
        "Put a model into the trash, with its versions and answers; no version may be published.",
    )
    async def delete_model(self, info: Info, input: ModelIn) -> DeleteModelPayload:
        known = await must_own(info.context, find_model, input.id, "id")
        model, effect, token = await _delete(info, known, input)
        return DeleteModelPayload(model=model, effect=effect, undo_token=token)

    @with_payload(
        Requires(Scope.WRITE),
        "Bring a data set back from the trash, as it was.",
    )
    async def restore_dataset(self, info: Info, input: DatasetOut) -> RestoreDatasetPayload:
        return RestoreDatasetPayload(dataset=await _restore(info.context, ids.DATASET, input))

    @with_payload(
        Requires(Scope.WRITE),
        "Bring a model back from the trash, as it was.",
    )
    async def restore_model(self, info: Info, input: ModelOut) -> RestoreModelPayload:
        return RestoreModelPayload(model=await _restore(info.context, ids.MODEL, input))

    @with_payload(
        Requires(Scope.WRITE),
        "Delete for good, now, what is in the trash; asking twice gives the same job.",
    )
    async def purge(self, info: Info, input: Purged) -> PurgePayload:
        async def make(_: str) -> None:  # a thing has one purge, whatever the key is
            begun.append(
                await store.trash.purge(thing.id, expected_revision=input.expected_version)
            )

        store, begun = info.context.store, list[Job]()
        thing: Thing = await must_find(info.context, find_trashed, input.id, "id")
        effect = await store.trash.effect(thing)
        if input.dry_run:
            check_revision(thing, input.expected_version)
            return PurgePayload(effect=effect)
        await once(info, input, ids.JOB, make)
        known = await store.mongo.jobs.find(thing.purge_job_id or "")
        return PurgePayload(job=begun[0] if begun else known, effect=effect)
