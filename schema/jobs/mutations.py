"""Asking for work, and taking it back."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.cost import JOB_COST
from schema.errors import UserError
from schema.fields import dry_run, expected_version, idempotency_key, no_errors, with_payload
from schema.jobs.priority import check_priority
from schema.jobs.spec import TrainingSpecInput
from schema.jobs.types import Job
from schema.once import check_revision, once
from schema.permissions import Requires
from schema.visibility import find_dataset_version, find_job, must_find
from store import ids
from store.clock import now
from store.records import job as records
from store.records.account import Scope
from store.records.stage import StageStatus


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
    dry_run: bool = dry_run()
    expected_version: int | None = expected_version()


@strawberry.type(description="What stopping a job ends, and what stays of it.")
class CancelEffect:
    status: records.JobStatus = strawberry.field(
        description="What it becomes: CANCELLED, or CANCELLING until its worker lets go."
    )
    stages_kept: int = strawberry.field(
        description="Its finished stages, after which `retryJob` goes on."
    )
    stages_lost: int = strawberry.field(
        description="Stages under way, whose work is done again: at most one."
    )


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
    effect: CancelEffect | None = strawberry.field(
        default=None, description="What ends, and what stays."
    )
    user_errors: list[UserError] = no_errors()


StartInput = Annotated[StartTrainingInput, strawberry.argument(description="The training.")]
CancelInput = Annotated[CancelJobInput, strawberry.argument(description="The job.")]


@strawberry.type
class JobMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Train a model on a data set's version.",
        cost=JOB_COST,
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
        jobs = info.context.store.jobs
        job = await must_find(info.context, find_job, input.id, "id")
        check_revision(job, input.expected_version)
        effect = _effect(job)
        if not input.dry_run:
            job = await jobs.request_cancel(job.id, expected_revision=input.expected_version)
        return CancelJobPayload(job=job, effect=effect)


def _effect(job: records.Job) -> CancelEffect:
    """Raises IllegalMove for a job that cannot be stopped any more."""
    status = job.cancel_requested(now()).status
    states = [stage.status for stage in job.stages]
    return CancelEffect(
        status=status,
        stages_kept=states.count(StageStatus.DONE),
        stages_lost=states.count(StageStatus.RUNNING),
    )
