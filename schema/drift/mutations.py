"""Measuring drift."""

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


@strawberry.input(description="A model version, and how much of what it was asked to look at.")
class MeasureDriftInput:
    model_version_id: strawberry.ID = strawberry.field(
        description="A version of the caller's own that has answered."
    )
    days: int = strawberry.field(default=30, description="Days by UTC, today among them, 1 to 90.")
    texts: int = strawberry.field(
        default=10_000,
        description="How many answers to read at most, 100 to 20,000: the days share them alike, "
        "and days with more are sampled. The caller's own answers, everybody's for an admin.",
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What `measureDrift` set going.")
class MeasureDriftPayload:
    job: JobRecord | None = strawberry.field(
        default=None,
        graphql_type=Job | None,
        description="The job; its `driftReport` is filled once it has succeeded.",
    )
    user_errors: list[UserError] = no_errors()


Input = Annotated[MeasureDriftInput, strawberry.argument(description="What to measure.")]


@strawberry.type
class DriftMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Compare what a version was asked, day by day, with the rows held out from its training: "
        "texts, labels, confidence, and where nothing was seen in training. Of published versions "
        "the day before is measured by itself.",
        cost=JOB_COST,
    )
    async def measure_drift(self, info: Info, input: Input) -> MeasureDriftPayload:
        context, viewer = info.context, info.context.signed_in
        version = await must_own(
            context, find_model_version, input.model_version_id, "modelVersionId"
        )
        await must_find(context, find_dataset_version, version.dataset_version_id, "modelVersionId")

        async def start(identifier: str) -> str:
            job = await context.store.drift.start(
                viewer.id, version.id, days=input.days, texts=input.texts,
                asked_by=None if viewer.is_admin else viewer.id, job_id=identifier,
            )  # fmt: skip
            return job.id

        identifier = await once(info, input, ids.JOB, start)
        return MeasureDriftPayload(job=await context.store.mongo.jobs.find(identifier))
