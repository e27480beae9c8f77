"""Trying fixes, and making them."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.cost import JOB_COST
from schema.datasets.effects import RowsEffect, rows_effect
from schema.datasets.types import DatasetVersion
from schema.errors import UserError
from schema.fields import dry_run, idempotency_key, no_errors, with_payload
from schema.jobs.priority import check_priority
from schema.jobs.types import Job
from schema.once import once
from schema.permissions import Requires
from schema.trials.types import Trial
from schema.visibility import (
    find_dataset_version,
    find_model_version,
    find_trial,
    must_find,
    must_own,
)
from store import ids
from store.errors import InvalidValue
from store.learning.trials import edits_of, trial_of, version_of
from store.records import trial as records
from store.records.account import Scope
from store.records.dataset import DatasetVersion as DatasetVersionRecord
from store.records.job import Job as JobRecord
from store.records.job import Priority


@strawberry.input(description="What a row should have been: give either `label` or `drop`.")
class RowFixInput:
    row: int = strawberry.field(description="The row's number in the data set's version.")
    label: str | None = strawberry.field(
        default=None, description="The right label, one of the model's."
    )
    drop: bool = strawberry.field(default=False, description="True drops the row.")


@strawberry.input(description="Fixes to be tried on a model.")
class TryFixesInput:
    model_version_id: strawberry.ID = strawberry.field(
        description="What to try them on; the rows are those of the version it was trained on."
    )
    fixes: list[RowFixInput] = strawberry.field(
        description="1 to 1,000 fixes, at most one for each row."
    )
    priority: Priority = strawberry.field(
        default=Priority.NORMAL,
        description="Among jobs that wait, a higher one goes first; HIGH is for admins.",
    )
    idempotency_key: str | None = idempotency_key()

    def listed(self) -> list[records.RowFix]:
        """Raises InvalidValue for a fix that says nothing, or both."""
        for place, fix in enumerate(self.fixes):
            if (fix.label is not None) == fix.drop:
                raise InvalidValue("give either a label or drop", "fixes", str(place))
        return [records.RowFix(fix.row, fix.label) for fix in self.fixes]


@strawberry.input(description="A trial whose fixes are to be made.")
class ApplyFixesInput:
    trial_id: strawberry.ID = strawberry.field(description="The trial; it must have a result.")
    retrain: bool = strawberry.field(
        default=False,
        description="Whether to train on the new version once it is READY, by the same spec, as "
        "the next version of the same model.",
    )
    dry_run: bool = dry_run()
    idempotency_key: str | None = idempotency_key()


@strawberry.type(description="What `tryFixes` set going.")
class TryFixesPayload:
    job: JobRecord | None = strawberry.field(
        default=None, graphql_type=Job | None, description="The job; follow it."
    )
    trial: records.Trial | None = strawberry.field(
        default=None, graphql_type=Trial | None, description="Has the result once the job is done."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `applyFixes` set going.")
class ApplyFixesPayload:
    trial: records.Trial | None = strawberry.field(
        default=None, graphql_type=Trial | None, description="The trial, with the version it made."
    )
    version: DatasetVersionRecord | None = strawberry.field(
        default=None,
        graphql_type=DatasetVersion | None,
        description="The data set's new version; a trial makes one, however often it is asked.",
    )
    job: JobRecord | None = strawberry.field(
        default=None, graphql_type=Job | None, description="The job that makes it; follow it."
    )
    effect: RowsEffect | None = strawberry.field(
        default=None, description="What that would change, told by a dry run."
    )
    user_errors: list[UserError] = no_errors()


TryInput = Annotated[TryFixesInput, strawberry.argument(description="The fixes.")]
ApplyInput = Annotated[ApplyFixesInput, strawberry.argument(description="The trial.")]


@strawberry.type
class TrialMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Tell what fixes of some rows would gain: the model's head is fitted again in seconds, and "
        "compared on the test rows. Neither the model nor the data set changes.",
        cost=JOB_COST,
    )
    async def try_fixes(self, info: Info, input: TryInput) -> TryFixesPayload:
        async def make(job_id: str) -> None:
            await store.trials.start(
                context.signed_in.id, version.id, fixes, job_id=job_id, priority=input.priority
            )

        context, store, fixes = info.context, info.context.store, input.listed()
        check_priority(context, input.priority)
        field = "modelVersionId"
        version = await must_own(context, find_model_version, input.model_version_id, field)
        await must_find(context, find_dataset_version, version.dataset_version_id, field)
        job_id = await once(info, input, ids.JOB, make)
        return TryFixesPayload(
            job=await store.mongo.jobs.get(job_id),
            trial=await store.mongo.trials.get(trial_of(job_id)),
        )

    @with_payload(
        Requires(Scope.WRITE),
        "Make a trial's fixes in the data set, as its next version, and train on it if so asked.",
        cost=JOB_COST,
    )
    async def apply_fixes(self, info: Info, input: ApplyInput) -> ApplyFixesPayload:
        context = info.context
        trial = await must_find(context, find_trial, input.trial_id, "trialId")
        await must_find(context, find_dataset_version, trial.dataset_version_id, "trialId")
        store, trial_id = context.store, trial.id

        async def make(_: str) -> None:  # a trial makes one version, whatever the key is
            await store.trials.apply(trial_id, context.signed_in.id, retrain=input.retrain)

        if input.dry_run:
            trial.applied(version_of(trial_id), None)
            base = await store.live.dataset_version(trial.dataset_version_id)
            await store.datasets.must_be_newest(base)
            effect = await rows_effect(context, base, edits_of(trial))
            return ApplyFixesPayload(trial=trial, effect=effect)
        await once(info, input, ids.TRIAL, make)
        version = await store.mongo.dataset_versions.get(version_of(trial_id))
        return ApplyFixesPayload(
            trial=await store.mongo.trials.get(trial_id), version=version,
            job=await store.mongo.jobs.find(version.job_id or ""),
        )  # fmt: skip
