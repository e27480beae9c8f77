"""Drift reports, as callers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.drift.holes import DriftFindings
from schema.lazy import LazyJob, LazyModelVersion
from schema.nodes import Node, owner_of, shows
from schema.paging import After, First, Listing, list_page
from schema.visibility import drift_for, find_dataset
from store.clock import now
from store.errors import InvalidValue
from store.learning.drift import MAX_DAYS
from store.learning.traffic import DAY, midnight
from store.records import drift as records
from store.records.account import User as UserRecord
from store.records.job import Job as JobRecord
from store.records.model import ModelVersion as ModelVersionRecord

Reported = strawberry.Parent[records.DriftReport]
Version = strawberry.Parent[ModelVersionRecord]
Days = Annotated[int, strawberry.argument(description="How many days back, 1 to 90.")]


async def reports_of(
    version: Version, info: Info, first: First = 20, after: After = None
) -> Listing[records.DriftReport]:
    """Newest first; none once the rows that they show are gone."""
    seen = await find_dataset(info.context, version.dataset_id)
    where = {"model_version_id": version.id if seen else ""} | drift_for(info.context.signed_in)
    return await list_page(
        info, info.context.store.mongo.drift_reports, where, name=f"drift:{version.id}",
        first=first, after=after,
    )  # fmt: skip


async def days_of(version: Version, info: Info, days: Days = 30) -> list[records.DriftPeriod]:
    """What the latest reports tell of each day; nothing once the rows that they show are gone."""
    if not 1 <= days <= MAX_DAYS:
        raise InvalidValue(f"days is {days}; it must be 1 to {MAX_DAYS}", "days")
    if await find_dataset(info.context, version.dataset_id) is None:
        return []
    since = midnight(now()) - (days - 1) * DAY
    seen = drift_for(info.context.signed_in)
    return await info.context.store.drift.days(version.id, seen, since)


async def _version(report: Reported, info: Info) -> ModelVersionRecord | None:
    return await info.context.loaders.model_versions.load(report.model_version_id)


async def _job(report: Reported, info: Info) -> JobRecord | None:
    return await info.context.loaders.jobs.load(report.job_id)


@strawberry.type(description="How far what a model version is asked is from what it learnt.")
class DriftReport(Node):
    is_type_of = shows(records.DriftReport)

    created_at: datetime = strawberry.field(description="When it was asked for.")
    measured_at: datetime | None = strawberry.field(
        description="When the answers were read and compared; null until then."
    )
    since: datetime = strawberry.field(description="Answers from then on were read.")
    until: datetime = strawberry.field(description="Answers of days that began before it.")
    texts: int = strawberry.field(
        description="How many answers to read at most; the days share them alike."
    )
    findings: records.DriftFindings | None = strawberry.field(
        graphql_type=DriftFindings | None,
        description="What came of it; null until its job has succeeded.",
    )
    model_version: ModelVersionRecord | None = strawberry.field(
        resolver=_version,
        graphql_type=LazyModelVersion | None,
        description="The version that answered.",
    )
    job: JobRecord | None = strawberry.field(
        resolver=_job,
        graphql_type=LazyJob | None,
        description="The job that measures.",
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Who asked for it."
    )
