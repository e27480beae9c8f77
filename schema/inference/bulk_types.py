"""Bulk predictions, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.datasets.profile import LabelCount, Problem
from schema.enums import show_enum
from schema.lazy import LazyDatasetVersion, LazyJob, LazyModel, LazyModelVersion
from schema.nodes import Node, owner_of, shows
from schema.permissions import visible
from schema.scalars import BigInt
from schema.visibility import find_dataset_version, find_model, find_model_version
from store.records import bulk as records
from store.records.account import User as UserRecord
from store.records.dataset import DatasetVersion as DatasetVersionRecord
from store.records.job import Job as JobRecord
from store.records.model import Model as ModelRecord
from store.records.model import ModelVersion as ModelVersionRecord

Made = strawberry.Parent[records.BulkPrediction]

show_enum(
    records.ResultFormat,
    "How answers are written.",
    PARQUET="Apache Parquet, with typed columns; scores and neighbours are lists.",
    CSV="Comma-separated UTF-8 with a header; scores and neighbours are JSON.",
    JSONL="One JSON object a line.",
)
show_enum(
    records.BulkStatus,
    "How far the file of answers is.",
    PENDING="It is not there; `job` tells why.",
    READY="It can be fetched.",
    EXPIRED="It was kept for its time and is deleted.",
)


async def _url(made: Made, info: Info) -> str | None:
    return await _download(made, info, made.object_key)


async def _problems_url(made: Made, info: Info) -> str | None:
    return await _download(made, info, made.problems_key, ".problems.jsonl")


async def _download(
    made: records.BulkPrediction, info: Info, key: str | None, ending: str | None = None
) -> str | None:
    """None also while the data set or the model lies in the trash."""
    loaders = info.context.loaders
    if key is None or made.status is not records.BulkStatus.READY:
        return None
    if await loaders.models.load(made.model_id) is None:
        return None
    if made.dataset_id and await loaders.datasets.load(made.dataset_id) is None:
        return None
    filename = made.name + (ending or f".{made.format.ending}")
    return await info.context.store.objects.download_url(key, filename)


async def _job(made: Made, info: Info) -> JobRecord | None:
    return visible(info.context.signed_in, await info.context.loaders.jobs.load(made.job_id))


async def _model(made: Made, info: Info) -> ModelRecord | None:
    return await find_model(info.context, made.model_id)


async def _model_version(made: Made, info: Info) -> ModelVersionRecord | None:
    return await find_model_version(info.context, made.model_version_id)


async def _dataset_version(made: Made, info: Info) -> DatasetVersionRecord | None:
    if not made.dataset_version_id:
        return None
    return await find_dataset_version(info.context, made.dataset_version_id)


@strawberry.type(description="Answers for all rows of a file or a data set, as a file.")
class BulkPrediction(Node):
    is_type_of = shows(records.BulkPrediction)

    status: records.BulkStatus = strawberry.field(description="How far the file is.")
    format: records.ResultFormat = strawberry.field(description="How it is written.")
    rows: BigInt = strawberry.field(description="Rows with an answer; 0 until it is ready.")
    abstained: BigInt = strawberry.field(
        description="Of these, rows whose label the model does not stand by: `decision` says why."
    )
    out_of_distribution: BigInt = strawberry.field(
        description="Of those again, rows that are unlike all that the model learnt from."
    )
    label_counts: list[LabelCount] = strawberry.field(
        description="Rows by answered label, most frequent first, at most 1,000.",
    )
    rejected_rows: BigInt = strawberry.field(
        description="Rows of the file that could not be read, and so have no answer.",
    )
    problems: list[Problem] = strawberry.field(
        description="What was wrong with rows of the file, the first faults, at most 100.",
    )
    problem_count: int = strawberry.field(description="How many faults there were.")
    problems_url: str | None = strawberry.field(
        resolver=_problems_url,
        description="Where all faults can be fetched for a short while, a JSON object a line; "
        "null where there is none.",
    )
    url: str | None = strawberry.field(
        resolver=_url,
        description="Where the answers can be fetched for a short while; made anew at each "
        "reading. Null unless the file is READY.",
    )
    bytes: BigInt = strawberry.field(description="Size of the file.")
    sha256: str | None = strawberry.field(description="SHA-256 of the file, in hexadecimal.")
    created_at: datetime = strawberry.field(description="When it was asked for.")
    ended_at: datetime | None = strawberry.field(description="When the file was there.")
    expires_at: datetime = strawberry.field(description="When its files are deleted.")
    job: JobRecord | None = strawberry.field(
        resolver=_job,
        graphql_type=LazyJob | None,
        description="The job that makes it; follow it.",
    )
    model: ModelRecord | None = strawberry.field(
        resolver=_model,
        graphql_type=LazyModel | None,
        description="The model that was asked; null for callers who no longer see it.",
    )
    model_version: ModelVersionRecord | None = strawberry.field(
        resolver=_model_version,
        graphql_type=LazyModelVersion | None,
        description="The version that answers, whatever is published later; null for callers who "
        "no longer see it.",
    )
    dataset_version: DatasetVersionRecord | None = strawberry.field(
        resolver=_dataset_version,
        graphql_type=LazyDatasetVersion | None,
        description="The rows that were asked about; null for those of an upload.",
    )
    upload_id: strawberry.ID | None = strawberry.field(
        description="The file that was asked about; null for rows of a data set."
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Who asked for it."
    )
