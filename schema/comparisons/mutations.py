"""Comparing model versions."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.cost import JOB_COST
from schema.errors import UserError
from schema.fields import idempotency_key, no_errors, with_payload
from schema.jobs.types import Job
from schema.once import once
from schema.permissions import Requires
from schema.visibility import find_dataset_version, find_model_version, must_find, must_own
from store import ids
from store.records.account import Scope
from store.records.job import Job as JobRecord


@strawberry.input(description="Two versions to ask the same.")
class CompareVersionsInput:
    before: strawberry.ID = strawberry.field(
        description="The version that answers now, say; one of the caller's own."
    )
    after: strawberry.ID = strawberry.field(
        description="The candidate, one of the caller's own; the exam is held on its data."
    )
    queries: int = strawberry.field(
        default=1_000,
        description="How many of the model's last answers to replay, 0 to 10,000: the caller's "
        "own, everybody's for an admin.",
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What `compareVersions` set going.")
class CompareVersionsPayload:
    job: JobRecord | None = strawberry.field(
        default=None,
        graphql_type=Job | None,
        description="The job; its `comparison` is filled once it has succeeded.",
    )
    user_errors: list[UserError] = no_errors()


Input = Annotated[CompareVersionsInput, strawberry.argument(description="The two.")]


@strawberry.type
class ComparisonMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Tell what it would mean to publish a version in another's place: an exam on rows that "
        "neither learnt from, and a replay of what was asked last.",
        cost=JOB_COST,
    )
    async def compare_versions(self, info: Info, input: Input) -> CompareVersionsPayload:
        context, viewer = info.context, info.context.signed_in
        before = await must_own(context, find_model_version, input.before, "before")
        after = await must_own(context, find_model_version, input.after, "after")
        await must_find(context, find_dataset_version, after.dataset_version_id, "after")

        async def start(identifier: str) -> str:
            job = await context.store.comparisons.start(
                viewer.id, before.id, after.id, queries=input.queries,
                asked_by=None if viewer.is_admin else viewer.id, job_id=identifier,
            )  # fmt: skip
            return job.id

        identifier = await once(info, input, ids.JOB, start)
        return CompareVersionsPayload(job=await context.store.mongo.jobs.find(identifier))
