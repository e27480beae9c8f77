"""What the mutations of the trash take."""

from __future__ import annotations

import strawberry

from schema.fields import dry_run, expected_version, idempotency_key

DRY_RUN = "Tell the effect, with what stands against it, and change nothing."


@strawberry.input(description="A data set to go to the trash.")
class DeleteDatasetInput:
    id: strawberry.ID = strawberry.field(description="The data set.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    expected_version: int | None = expected_version()


@strawberry.input(description="A model to go to the trash, with all its versions.")
class DeleteModelInput:
    id: strawberry.ID = strawberry.field(description="The model.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)
    expected_version: int | None = expected_version()


@strawberry.input(description="A data set to come back from the trash.")
class RestoreDatasetInput:
    id: strawberry.ID = strawberry.field(description="The data set.")
    expected_version: int | None = expected_version()


@strawberry.input(description="A model to come back from the trash.")
class RestoreModelInput:
    id: strawberry.ID = strawberry.field(description="The model.")
    expected_version: int | None = expected_version()


@strawberry.input(description="A data set or model in the trash, to be deleted for good now.")
class PurgeInput:
    id: strawberry.ID = strawberry.field(description="The data set or model.")
    dry_run: bool = dry_run()
    expected_version: int | None = expected_version()
    idempotency_key: str | None = idempotency_key()
