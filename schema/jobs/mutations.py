"""Asking for work, and taking it back."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.errors import UserError
from schema.fields import idempotency_key, no_errors, with_payload
from schema.jobs.priority import check_priority
from schema.jobs.spec import TrainingSpecInput
from schema.jobs.types import Job
from schema.once import once
from schema.permissions import Requires
from schema.visibility import find_dataset_version, find_job, must_find
from store import ids
from store.records import job as records
from store.records.account import Scope


@strawberry.input(description="A training to be done.")
class StartTrainingInput:
    dataset_version_id: strawberry.ID = strawberry.field(
        description="What to train on; it must be READY."
    )
    model_name: str | None = strawberry.field(
        default=None,
        description="Name of the model that gets the new version: one of the caller's, or a new "
        "one; null names it after the data set.",
    )
    spec: TrainingSpecInput = strawberry.field(
        default_factory=TrainingSpecInput, description="How to train; the default is a good start."
    )
    priority: records.Priority = strawberry.field(
        default=records.Priority.NORMAL,
        description="Among jobs that wait, a higher one goes first; HIGH is for admins.",
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A job to be stopped.")
class CancelJobInput:
    id: strawberry.ID = strawberry.field(description="The job.")


@strawberry.type(description="What `startTraining` set going.")
class StartTrainingPayload:
    job: records.Job | None = strawberry.field(
        default=None, graphql_type=Job | None, description="The training; follow it."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `cancelJob` did.")
class CancelJobPayload:
    job: records.Job | None = strawberry.field(
        default=None,
        graphql_type=Job | None,
        description="The job: CANCELLED, or CANCELLING until its worker lets go.",
    )
    user_errors: list[UserError] = no_errors()


StartInput = Annotated[StartTrainingInput, strawberry.argument(description="The training.")]
CancelInput = Annotated[CancelJobInput, strawberry.argument(description="The job.")]


@strawberry.type
class JobMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Train a model on a data set's version.",
    )
    async def start_training(self, info: Info, input: StartInput) -> StartTrainingPayload:
        async def make(job_id: str) -> None:
            owner_id, spec = context.signed_in.id, input.spec.record()
            await context.store.models.start_training(
                owner_id, version.id, spec, input.model_name, job_id=job_id,
                priority=input.priority,
            )  # fmt: skip

        context = info.context
        check_priority(context, input.priority)
        version = await must_find(
            context, find_dataset_version, input.dataset_version_id, "datasetVersionId"
        )
        job_id = await once(info, input, ids.JOB, make)
        return StartTrainingPayload(job=await context.store.mongo.jobs.get(job_id))

    @with_payload(
        Requires(Scope.WRITE),
        "Stop a job; asking twice is harmless.",
    )
    async def cancel_job(self, info: Info, input: CancelInput) -> CancelJobPayload:
        job = await must_find(info.context, find_job, input.id, "id")
        return CancelJobPayload(job=await info.context.store.jobs.request_cancel(job.id))
