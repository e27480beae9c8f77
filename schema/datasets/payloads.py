"""What mutations on data sets give back."""

from __future__ import annotations

import strawberry

from schema.context import Context
from schema.datasets.effects import RowsEffect
from schema.datasets.types import Dataset, DatasetVersion
from schema.datasets.uploads import Upload, UploadTicket
from schema.errors import UserError
from schema.fields import no_errors, undo_token
from schema.lazy import LazyJob
from store.objects import UploadTicket as TicketRecord
from store.records import dataset as records
from store.records.job import Job as JobRecord


@strawberry.type(description="What `createUpload` made.")
class CreateUploadPayload:
    upload: records.Upload | None = strawberry.field(
        default=None, graphql_type=Upload | None, description="The upload, open for its bytes."
    )
    ticket: TicketRecord | None = strawberry.field(
        default=None,
        graphql_type=UploadTicket | None,
        description="Where to send the bytes; null once all are there.",
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `completeUpload` checked.")
class CompleteUploadPayload:
    upload: records.Upload | None = strawberry.field(
        default=None, graphql_type=Upload | None, description="The complete upload."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="A data set's new version, and the job that reads it.")
class DatasetVersionPayload:
    dataset: records.Dataset | None = strawberry.field(
        default=None, graphql_type=Dataset | None, description="The data set."
    )
    version: records.DatasetVersion | None = strawberry.field(
        default=None, graphql_type=DatasetVersion | None, description="Its new version."
    )
    job: JobRecord | None = strawberry.field(
        default=None, graphql_type=LazyJob | None, description="The ingest job; follow it."
    )
    effect: RowsEffect | None = strawberry.field(
        default=None, description="What edits of rows would change, told by their dry run."
    )
    user_errors: list[UserError] = no_errors()


async def version_payload(context: Context, version_id: str) -> DatasetVersionPayload:
    """The version as it is now, with what goes with it."""
    mongo = context.store.mongo
    version = await context.store.live.dataset_version(version_id)
    dataset = await mongo.datasets.get(version.dataset_id)
    job = await mongo.jobs.find(version.job_id) if version.job_id else None
    return DatasetVersionPayload(dataset=dataset, version=version, job=job)


@strawberry.type(description="What `updateDataset` changed.")
class UpdateDatasetPayload:
    dataset: records.Dataset | None = strawberry.field(
        default=None, graphql_type=Dataset | None, description="The data set after the change."
    )
    undo_token: str | None = undo_token()
    user_errors: list[UserError] = no_errors()
