"""Doing again what failed or was cancelled: as it was, or as a fix advises."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.cost import JOB_COST
from schema.errors import UserError
from schema.fields import idempotency_key, no_errors, with_payload
from schema.jobs.spec import TrainingSpecInput
from schema.jobs.types import Job
from schema.once import once
from schema.permissions import Requires
from schema.visibility import find_job, must_own
from store import ids
from store.records import job as records
from store.records.account import Scope


@strawberry.input(description="A failed or cancelled job to be done again.")
class RetryJobInput:
    id: strawberry.ID = strawberry.field(description="The job.")
    spec: TrainingSpecInput | None = strawberry.field(
        default=None, description="How to train this time; null trains as before."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A fix of a failed job's diagnosis.")
class ApplyFixInput:
    job_id: strawberry.ID = strawberry.field(description="The job that failed.")
    fix_id: strawberry.ID = strawberry.field(description="The fix, one of its `diagnosis`.")
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What `retryJob` set going.")
class RetryJobPayload:
    job: records.Job | None = strawberry.field(
        default=None, graphql_type=Job | None, description="The new job; follow it."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `applyFix` set going.")
class ApplyFixPayload:
    job: records.Job | None = strawberry.field(
        default=None, graphql_type=Job | None, description="The new job; follow it."
    )
    user_errors: list[UserError] = no_errors()


Again = Annotated[RetryJobInput, strawberry.argument(description="The job.")]
Mended = Annotated[ApplyFixInput, strawberry.argument(description="The fix.")]


@strawberry.type
class RetryMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Do a failed or cancelled job again, as a new job; what it had finished is taken over.",
        cost=JOB_COST,
    )
    async def retry_job(self, info: Info, input: Again) -> RetryJobPayload:
        async def make(job_id: str) -> None:
            spec = input.spec.record() if input.spec else None
            await mending.retry(ended.id, spec=spec, new_id=job_id)

        mending = info.context.store.mending
        ended = await must_own(info.context, find_job, input.id, "id")
        job_id = await once(info, input, ids.JOB, make)
        return RetryJobPayload(job=await _made(info, job_id, ended.id))

    @with_payload(
        Requires(Scope.WRITE),
        "Do what a fix of a failed job's diagnosis advises; what it leaves as it was is taken "
        "over.",
        cost=JOB_COST,
    )
    async def apply_fix(self, info: Info, input: Mended) -> ApplyFixPayload:
        async def make(job_id: str) -> None:
            await mending.apply(ended.id, input.fix_id, new_id=job_id)

        mending = info.context.store.mending
        ended = await must_own(info.context, find_job, input.job_id, "jobId")
        job_id = await once(info, input, ids.JOB, make)
        return ApplyFixPayload(job=await _made(info, job_id, ended.id))


async def _made(info: Info, job_id: str, ended_id: str) -> records.Job | None:
    """The new job; a purge's is named by what it purges, not by who asks."""
    store = info.context.store
    return await store.mongo.jobs.find(job_id) or await store.mending.retried_by(ended_id)
