"""Changing data sets."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Context, Info
from schema.cost import JOB_COST
from schema.datasets.edits import EditDatasetInput
from schema.datasets.effects import rows_effect
from schema.datasets.inputs import (
    AppendToDatasetInput,
    CompleteUploadInput,
    CreateDatasetInput,
    CreateUploadInput,
    RereadDatasetInput,
    UpdateDatasetInput,
)
from schema.datasets.payloads import (
    CompleteUploadPayload,
    CreateUploadPayload,
    DatasetVersionPayload,
    UpdateDatasetPayload,
    version_payload,
)
from schema.fields import with_payload
from schema.once import once
from schema.permissions import Requires
from schema.undo import offer
from schema.visibility import find_dataset, find_dataset_version, must_find
from store import ids
from store.datasets.datasets import Made
from store.objects import UploadTicket
from store.records.account import Scope
from store.records.dataset import Reading, Upload, UploadStatus
from store.records.undo import UndoKind

UploadInput = Annotated[CreateUploadInput, strawberry.argument(description="The file.")]
DoneInput = Annotated[CompleteUploadInput, strawberry.argument(description="The upload.")]
NewInput = Annotated[CreateDatasetInput, strawberry.argument(description="The data set.")]
MoreInput = Annotated[AppendToDatasetInput, strawberry.argument(description="The rows.")]
AgainInput = Annotated[RereadDatasetInput, strawberry.argument(description="The version.")]
EditInput = Annotated[EditDatasetInput, strawberry.argument(description="The edits.")]
ChangeInput = Annotated[UpdateDatasetInput, strawberry.argument(description="The changes.")]


async def _create(context: Context, input: CreateDatasetInput, version_id: str) -> Made:
    datasets, owner_id = context.store.datasets, context.signed_in.id
    if (rows := input.inline()) is not None:
        return await datasets.create_from_rows(
            owner_id, input.name, rows=rows, description=input.description, kind=input.kind,
            metadata=input.metadata, version_id=version_id,
        )  # fmt: skip
    return await datasets.create_from_upload(
        owner_id, input.name, upload_id=input.upload_id or "", description=input.description,
        kind=input.kind, columns=input.columns.record(), reading=input.reading(),
        metadata=input.metadata, version_id=version_id,
    )  # fmt: skip


async def _append(context: Context, input: AppendToDatasetInput, version_id: str) -> Made:
    datasets, by = context.store.datasets, context.signed_in.id
    if (rows := input.inline()) is not None:
        return await datasets.append_rows(input.dataset_id, rows=rows, version_id=version_id)
    return await datasets.append_upload(
        input.dataset_id, by, upload_id=input.upload_id or "", columns=input.columns.record(),
        reading=input.reading(), version_id=version_id,
    )  # fmt: skip


@strawberry.type
class DatasetMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Announce a file and get URLs to send its bytes to.",
    )
    async def create_upload(self, info: Info, input: UploadInput) -> CreateUploadPayload:
        async def make(upload_id: str) -> None:
            made.append(
                await uploads.create(
                    by, input.filename, input.size, input.sha256, upload_id=upload_id
                )
            )

        uploads, by = info.context.store.uploads, info.context.signed_in.id
        made: list[tuple[Upload, UploadTicket]] = []
        upload_id = await once(info, input, ids.UPLOAD, make)
        if made:
            return CreateUploadPayload(upload=made[0][0], ticket=made[0][1])
        upload = await info.context.store.mongo.uploads.get(upload_id)
        is_open = upload.status is UploadStatus.OPEN  # the first answer's URLs may be over by now
        ticket = await uploads.ticket(upload_id, by) if is_open else None
        return CreateUploadPayload(upload=upload, ticket=ticket)

    @with_payload(
        Requires(Scope.WRITE),
        "Check that all bytes of an upload arrived as announced.",
    )
    async def complete_upload(self, info: Info, input: DoneInput) -> CompleteUploadPayload:
        viewer = info.context.signed_in
        upload = await info.context.store.uploads.complete(input.upload_id, viewer.id)
        return CompleteUploadPayload(upload=upload)

    @with_payload(
        Requires(Scope.WRITE),
        "Make a data set out of an upload or of rows; a job then reads it.",
        cost=JOB_COST,
    )
    async def create_dataset(self, info: Info, input: NewInput) -> DatasetVersionPayload:
        async def make(version_id: str) -> None:
            await _create(context, input, version_id)

        context = info.context
        return await version_payload(context, await once(info, input, ids.DATASET_VERSION, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Add rows to a data set; they make its next version.",
        cost=JOB_COST,
    )
    async def append_to_dataset(self, info: Info, input: MoreInput) -> DatasetVersionPayload:
        async def make(version_id: str) -> None:
            await _append(context, input, version_id)

        context = info.context
        await must_find(context, find_dataset, input.dataset_id, "datasetId")
        return await version_payload(context, await once(info, input, ids.DATASET_VERSION, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Relabel, reword and drop rows; that makes the data set's next version. Nothing is changed "
        "unless all of it can be.",
        cost=JOB_COST,
    )
    async def edit_dataset(self, info: Info, input: EditInput) -> DatasetVersionPayload:
        async def make(new_id: str) -> None:
            await context.store.datasets.edit(
                version.id, context.signed_in.id, edits=listed, upload_id=input.upload_id,
                reading=Reading(input.format), note=input.note, version_id=new_id,
            )  # fmt: skip

        context, listed = info.context, input.listed()
        version = await must_find(
            context, find_dataset_version, input.dataset_version_id, "datasetVersionId"
        )
        if input.dry_run:
            await context.store.datasets.must_be_newest(version)
            return DatasetVersionPayload(effect=await rows_effect(context, version, listed))
        return await version_payload(context, await once(info, input, ids.DATASET_VERSION, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Read the file of a version again, in another way; that makes a new version.",
        cost=JOB_COST,
    )
    async def reread_dataset(self, info: Info, input: AgainInput) -> DatasetVersionPayload:
        async def make(new_id: str) -> None:
            await context.store.datasets.reread(
                version.id, input.reading(), input.columns.record(), new_id=new_id
            )

        context = info.context
        version = await must_find(context, find_dataset_version, input.version_id, "versionId")
        return await version_payload(context, await once(info, input, ids.DATASET_VERSION, make))

    @with_payload(
        Requires(Scope.WRITE),
        "Change a data set's name or description.",
    )
    async def update_dataset(self, info: Info, input: ChangeInput) -> UpdateDatasetPayload:
        known = await must_find(info.context, find_dataset, input.id, "id")
        dataset = await info.context.store.datasets.rename(
            known.id, input.name, input.description, expected_revision=input.expected_version
        )
        token = await offer(
            info, UndoKind.DATASET_UPDATED, known, dataset, dataset.id,
            name=known.name, description=known.description,
        )  # fmt: skip
        return UpdateDatasetPayload(dataset=dataset, undo_token=token)
