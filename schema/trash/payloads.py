"""What the mutations of the trash give back."""

from __future__ import annotations

import strawberry

from schema.datasets.types import Dataset
from schema.errors import UserError
from schema.fields import no_errors, undo_token
from schema.jobs.types import Job
from schema.models.types import Model
from schema.trash.types import DeletionEffect
from store.records.dataset import Dataset as DatasetRecord
from store.records.job import Job as JobRecord
from store.records.model import Model as ModelRecord
from store.trash import Effect


@strawberry.type(description="What `deleteDataset` did, or would do.")
class DeleteDatasetPayload:
    dataset: DatasetRecord | None = strawberry.field(
        default=None, graphql_type=Dataset | None, description="The data set as it is now."
    )
    effect: Effect | None = strawberry.field(
        default=None, graphql_type=DeletionEffect | None, description="What goes and what stays."
    )
    undo_token: str | None = undo_token()
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `deleteModel` did, or would do.")
class DeleteModelPayload:
    model: ModelRecord | None = strawberry.field(
        default=None, graphql_type=Model | None, description="The model as it is now."
    )
    effect: Effect | None = strawberry.field(
        default=None, graphql_type=DeletionEffect | None, description="What goes and what stays."
    )
    undo_token: str | None = undo_token()
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `restoreDataset` brought back.")
class RestoreDatasetPayload:
    dataset: DatasetRecord | None = strawberry.field(
        default=None, graphql_type=Dataset | None, description="The data set, as it was."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `restoreModel` brought back.")
class RestoreModelPayload:
    model: ModelRecord | None = strawberry.field(
        default=None, graphql_type=Model | None, description="The model, as it was."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `purge` set going.")
class PurgePayload:
    job: JobRecord | None = strawberry.field(
        default=None,
        graphql_type=Job | None,
        description="The purge; it says what it has freed, once that is proved.",
    )
    effect: Effect | None = strawberry.field(
        default=None, graphql_type=DeletionEffect | None, description="What goes and what stays."
    )
    user_errors: list[UserError] = no_errors()
