"""Trials, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.datasets.types import DatasetVersion
from schema.jobs.types import Job
from schema.lazy import LazyModelVersion
from schema.nodes import Node, owner_of, shows
from schema.paging import After, First, Listing, list_page
from schema.permissions import visible
from schema.trials.result import TrialResult
from schema.visibility import trials_for
from store.records import trial as records
from store.records.account import User as UserRecord
from store.records.dataset import DatasetVersion as DatasetVersionRecord
from store.records.job import Job as JobRecord
from store.records.model import ModelVersion as ModelVersionRecord

Tried = strawberry.Parent[records.Trial]


async def trials_of(
    version: strawberry.Parent[ModelVersionRecord], info: Info, first: First = 20,
    after: After = None,
) -> Listing[records.Trial]:  # fmt: skip
    """The trials of a model version that the viewer sees."""
    dataset = await info.context.loaders.datasets.load(version.dataset_id)
    where = trials_for(info.context.signed_in, version, dataset)
    return await list_page(
        info, info.context.store.mongo.trials, where, name=f"trials:{version.id}", first=first,
        after=after,
    )  # fmt: skip


async def _job(trial: Tried, info: Info) -> JobRecord | None:
    return visible(info.context.signed_in, await info.context.loaders.jobs.load(trial.job_id))


async def _model_version(trial: Tried, info: Info) -> ModelVersionRecord | None:
    return await info.context.loaders.model_versions.load(trial.model_version_id)


async def _dataset_version(trial: Tried, info: Info) -> DatasetVersionRecord | None:
    found = await info.context.loaders.dataset_versions.load(trial.dataset_version_id)
    return visible(info.context.signed_in, found)


async def _applied_version(trial: Tried, info: Info) -> DatasetVersionRecord | None:
    if trial.applied_version_id is None:
        return None
    found = await info.context.loaders.dataset_versions.load(trial.applied_version_id)
    return visible(info.context.signed_in, found)


async def _training(trial: Tried, info: Info) -> JobRecord | None:
    if trial.training_job_id is None:
        return None
    job = await info.context.loaders.jobs.load(trial.training_job_id)
    return visible(info.context.signed_in, job)


def _result(trial: Tried) -> records.Judgement | None:
    return trial.judgement


def _drops(fix: strawberry.Parent[records.RowFix]) -> bool:
    return fix.label is None


@strawberry.type(description="What a row should have been.")
class RowFix:
    row: int = strawberry.field(description="The row's number in the data set's version.")
    label: str | None = strawberry.field(description="The right label; null drops the row.")
    drop: bool = strawberry.field(resolver=_drops, description="Whether the row is dropped.")


@strawberry.type(
    description="What fixes would change of a model, told before the data set is changed."
)
class Trial(Node):
    is_type_of = shows(records.Trial)

    created_at: datetime = strawberry.field(description="When it was asked for.")
    fixes: list[records.RowFix] = strawberry.field(
        graphql_type=list[RowFix], description="What was tried, at most 1,000 fixes."
    )
    result: records.Judgement | None = strawberry.field(
        resolver=_result,
        graphql_type=TrialResult | None,
        description="What it came to; null until its job has succeeded.",
    )
    job: JobRecord | None = strawberry.field(
        resolver=_job, graphql_type=Job | None, description="The job that tries it."
    )
    model_version: ModelVersionRecord | None = strawberry.field(
        resolver=_model_version,
        graphql_type=LazyModelVersion | None,
        description="What it is tried on.",
    )
    dataset_version: DatasetVersionRecord | None = strawberry.field(
        resolver=_dataset_version,
        graphql_type=DatasetVersion | None,
        description="The version that has the rows.",
    )
    applied_version: DatasetVersionRecord | None = strawberry.field(
        resolver=_applied_version,
        graphql_type=DatasetVersion | None,
        description="The version that has the fixes; null until `applyFixes`.",
    )
    training: JobRecord | None = strawberry.field(
        resolver=_training,
        graphql_type=Job | None,
        description="The training on that version, once it was asked for and the version is READY.",
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Who asked for it."
    )
    revision: int = strawberry.field(description="Grows with every change.")
