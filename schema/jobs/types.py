"""Jobs and their stages, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.enums import show_enum
from schema.feeds.pages import Selected
from schema.jobs.diagnosis import Diagnosis, diagnosis_of
from schema.jobs.estimate import Span, estimate_ratio, remaining_of
from schema.jobs.log import LogLineConnection, log_of
from schema.jobs.spec import TrainingSpec
from schema.jobs.waiting import WaitingFor, waiting_for
from schema.lazy import (
    LazyBulkOperation,
    LazyBulkPrediction,
    LazyComparison,
    LazyDataset,
    LazyDatasetVersion,
    LazyDriftReport,
    LazyJob,
    LazyModel,
    LazyModelVersion,
    LazyTrial,
)
from schema.nodes import Node, owner_of, shows
from schema.quality.types import CheckSpec, check_of
from schema.scalars import BigInt
from schema.visibility import (
    find_bulk_operation,
    find_bulk_prediction,
    find_comparison,
    find_drift_report,
    find_trial,
)
from store.answers.bulk import of_job
from store.clock import now
from store.jobs.waiting import Waiting
from store.learning.drift import report_of
from store.learning.trials import trial_of
from store.models.comparisons import comparison_of
from store.operations import operation_of
from store.records import job as records
from store.records import stage as stages
from store.records.account import User as UserRecord
from store.records.bulk import BulkPrediction as BulkRecord
from store.records.comparison import Comparison as ComparisonRecord
from store.records.dataset import Dataset as DatasetRecord
from store.records.dataset import DatasetVersion as DatasetVersionRecord
from store.records.drift import DriftReport as DriftReportRecord
from store.records.model import Model as ModelRecord
from store.records.model import ModelVersion as ModelVersionRecord
from store.records.operation import BulkOperation as OperationRecord
from store.records.training import TrainingSpec as TrainingSpecRecord
from store.records.trial import Trial as TrialRecord

show_enum(
    records.JobKind,
    "What a job does.",
    INGEST="Reads a file into rows and profiles them.",
    TRAIN="Makes a model version out of a data set's version.",
    PURGE="Deletes what is in the trash for good.",
    PREDICT="Answers all rows of a file or a data set with a model version.",
    CHECK="Looks for wrong labels, duplicates, outliers and leaks in a data set's version.",
    INDEX="Makes a data set's version searchable.",
    COMPARE="Asks two model versions the same rows and queries.",
    DRIFT="Compares what a model version is asked with what it learnt.",
    REFIT="Fits a model's head again to fixed labels, to tell what they gain.",
    OPERATION="Runs a query over all its pages, or a mutation over many lines.",
)
show_enum(
    records.Priority,
    "Among jobs that wait, a higher one goes first.",
    LOW="When there is nothing else to do.",
    NORMAL="As everybody's.",
    HIGH="Before everybody's.",
)
show_enum(
    records.JobStatus,
    "How far a job is; the last three are final.",
    QUEUED="Waits for a worker.",
    RUNNING="A worker is at it.",
    CANCELLING="Somebody cancelled it; the worker has yet to let go.",
    SUCCEEDED="It did what it was asked to do.",
    FAILED="It could not; `failure` says why.",
    CANCELLED="It was stopped on request.",
)
show_enum(
    stages.StageStatus,
    "How far a stage is.",
    PENDING="Not begun.",
    RUNNING="Being worked on.",
    DONE="Finished.",
    FAILED="It ended the job.",
)


def _rows_per_second(stage: strawberry.Parent[stages.Stage]) -> float | None:
    return stage.rows_per_s(now())


@strawberry.type(description="One step of a job.")
class Stage:
    name: str = strawberry.field(description="Such as `embed`.")
    status: stages.StageStatus = strawberry.field(description="How far it is.")
    done: int = strawberry.field(description="Rows done.")
    total: int = strawberry.field(description="Rows to do; 0 while that is not known.")
    started_at: datetime | None = strawberry.field(description="When it last began.")
    ended_at: datetime | None = strawberry.field(description="When it ended.")
    attempt: int = strawberry.field(description="The attempt of the job that ran it last.")
    summary: str = strawberry.field(description="One sentence about what came out.")
    artefacts: list[str] = strawberry.field(
        description="What it left for a later attempt, and for trainings that ask the same: "
        "at most 100 files."
    )
    is_kept: bool = strawberry.field(
        description="Whether nothing was done: an earlier run of the same was taken over."
    )
    peak_bytes: BigInt = strawberry.field(
        description="The most memory its process held; 0 where that was not measured."
    )
    rows_per_second: float | None = strawberry.field(
        resolver=_rows_per_second, description="Its speed so far, or in all once it has ended."
    )


@strawberry.type(description="Why a job failed.")
class Failure:
    code: str = strawberry.field(description="Stable and machine-readable.")
    message: str = strawberry.field(description="What happened, and what to do about it.")
    retryable: bool = strawberry.field(description="Whether the same job may succeed later.")
    stage: str | None = strawberry.field(description="The stage that it happened in.")


async def _dataset(job: strawberry.Parent[records.Job], info: Info) -> DatasetRecord | None:
    return await info.context.loaders.datasets.load(job.dataset_id)


async def _version(job: strawberry.Parent[records.Job], info: Info) -> DatasetVersionRecord | None:
    return await info.context.loaders.dataset_versions.load(job.dataset_version_id)


async def _model(job: strawberry.Parent[records.Job], info: Info) -> ModelRecord | None:
    return await info.context.loaders.models.load(job.model_id) if job.model_id else None


async def _model_version(
    job: strawberry.Parent[records.Job], info: Info
) -> ModelVersionRecord | None:
    loader = info.context.loaders.model_versions
    return await loader.load(job.model_version_id) if job.model_version_id else None


def _spec(job: strawberry.Parent[records.Job]) -> TrainingSpecRecord | None:
    return job.spec if job.kind is records.JobKind.TRAIN else None


async def _retry_of(job: strawberry.Parent[records.Job], info: Info) -> records.Job | None:
    return await info.context.loaders.jobs.load(job.retry_of) if job.retry_of else None


async def _retried_by(job: strawberry.Parent[records.Job], info: Info) -> records.Job | None:
    has_ended = job.status.is_terminal
    return await info.context.store.mending.retried_by(job.id) if has_ended else None


async def _bulk_result(job: strawberry.Parent[records.Job], info: Info) -> BulkRecord | None:
    if job.bulk is None:
        return None
    return await find_bulk_prediction(info.context, of_job(job.id))


async def _comparison(job: strawberry.Parent[records.Job], info: Info) -> ComparisonRecord | None:
    if job.kind is not records.JobKind.COMPARE:
        return None
    return await find_comparison(info.context, comparison_of(job.id))


async def _drift_report(
    job: strawberry.Parent[records.Job], info: Info
) -> DriftReportRecord | None:
    if job.kind is not records.JobKind.DRIFT:
        return None
    return await find_drift_report(info.context, report_of(job.id))


async def _trial(job: strawberry.Parent[records.Job], info: Info) -> TrialRecord | None:
    if job.kind is not records.JobKind.REFIT:
        return None
    return await find_trial(info.context, trial_of(job.id))


async def _operation(job: strawberry.Parent[records.Job], info: Info) -> OperationRecord | None:
    if job.kind is not records.JobKind.OPERATION:
        return None
    return await find_bulk_operation(info.context, operation_of(job.id))


@strawberry.type(description="A piece of work that takes a while; `jobEvents` follows it.")
class Job(Node):
    is_type_of = shows(records.Job)

    kind: records.JobKind = strawberry.field(description="What it does.")
    status: records.JobStatus = strawberry.field(description="How far it is.")
    progress: float = strawberry.field(
        description="Share done, 0 to 1; every stage counts the same."
    )
    stages: list[Stage] = strawberry.field(
        description="Its steps in their order; at most nine, one for each."
    )
    attempt: int = strawberry.field(description="How often a worker has taken it up.")
    failure: Failure | None = strawberry.field(
        description="Why it failed, or why the last attempt did."
    )
    spec: TrainingSpecRecord | None = strawberry.field(
        resolver=_spec,
        graphql_type=TrainingSpec | None,
        description="What a training was asked to do; null for other kinds.",
    )
    check: CheckSpec | None = strawberry.field(
        resolver=check_of, description="What a check looks for; null for other kinds."
    )
    priority: records.Priority = strawberry.field(
        description="Among jobs that wait, a higher one goes first."
    )
    waiting_for: Waiting | None = strawberry.field(
        resolver=waiting_for,
        graphql_type=WaitingFor | None,
        description="Why it makes no progress; null once it runs or has ended.",
    )
    created_at: datetime = strawberry.field(description="When it was asked for.")
    started_at: datetime | None = strawberry.field(description="When a worker first took it up.")
    ended_at: datetime | None = strawberry.field(description="When it came to its final status.")
    estimate: records.Span | None = strawberry.field(
        graphql_type=Span | None, description="Its run time, as told when it was asked for."
    )
    estimate_ratio: float | None = strawberry.field(
        resolver=estimate_ratio,
        description="The time that it took over the p50 told before, once it has succeeded.",
    )
    remaining: records.Span | None = strawberry.field(
        resolver=remaining_of,
        graphql_type=Span | None,
        description="From now to its end, while it runs.",
    )
    purges: strawberry.ID | None = strawberry.field(
        description="The data set or model that a purge deletes for good; null for other kinds."
    )
    diagnosis: Diagnosis | None = strawberry.field(
        resolver=diagnosis_of,
        description="Why it failed and what would help; null unless it is FAILED.",
    )
    retry_of: records.Job | None = strawberry.field(
        resolver=_retry_of,
        graphql_type=LazyJob | None,
        description="The ended job that this one does again.",
    )
    retried_by: records.Job | None = strawberry.field(
        resolver=_retried_by,
        graphql_type=LazyJob | None,
        description="The newest job that does this one again.",
    )
    freed_bytes: BigInt | None = strawberry.field(
        description="What a purge has proved to have freed; null before, and for other kinds."
    )
    cancel_requested_at: datetime | None = strawberry.field(description="When it was cancelled.")
    worker: str | None = strawberry.field(description="The worker that is at it now.")
    revision: int = strawberry.field(description="Grows with every change.")
    log: Selected | None = strawberry.field(
        resolver=log_of,
        graphql_type=LogLineConnection | None,
        description="What its stages said, kept after it has ended; for its owner and admins.",
    )
    dataset: DatasetRecord | None = strawberry.field(
        resolver=_dataset,
        graphql_type=LazyDataset | None,
        description="The data set that it reads.",
    )
    dataset_version: DatasetVersionRecord | None = strawberry.field(
        resolver=_version,
        graphql_type=LazyDatasetVersion | None,
        description="The version that it reads.",
    )
    model: ModelRecord | None = strawberry.field(
        resolver=_model,
        graphql_type=LazyModel | None,
        description="The model that a training adds a version to, that answers in bulk, or that "
        "fixes are tried on.",
    )
    model_version: ModelVersionRecord | None = strawberry.field(
        resolver=_model_version,
        graphql_type=LazyModelVersion | None,
        description="What a training made, null until it has succeeded; or what answers in bulk, "
        "or whose drift is measured.",
    )
    bulk_result: BulkRecord | None = strawberry.field(
        resolver=_bulk_result,
        graphql_type=LazyBulkPrediction | None,
        description="The answers that a bulk prediction writes, for its owner and admins; null "
        "for other kinds.",
    )
    comparison: ComparisonRecord | None = strawberry.field(
        resolver=_comparison,
        graphql_type=LazyComparison | None,
        description="What a comparison of versions comes to; null for other kinds.",
    )
    drift_report: DriftReportRecord | None = strawberry.field(
        resolver=_drift_report,
        graphql_type=LazyDriftReport | None,
        description="What a measurement of drift comes to; null for other kinds.",
    )
    trial: TrialRecord | None = strawberry.field(
        resolver=_trial,
        graphql_type=LazyTrial | None,
        description="The fixes that a refit tries, and what they gain; null for other kinds.",
    )
    operation: OperationRecord | None = strawberry.field(
        resolver=_operation,
        graphql_type=LazyBulkOperation | None,
        description="The bulk operation that it runs; null for other kinds.",
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Who asked for it."
    )
