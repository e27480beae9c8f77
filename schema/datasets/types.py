"""Data sets and their versions, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.cost import costs
from schema.datasets.changes import Difference, VersionDiff, diff_of
from schema.datasets.edits import VersionEdits
from schema.datasets.profile import Columns, Problem, Profile, SourceFile
from schema.datasets.rows import DataRow, rows_of
from schema.enums import show_enum
from schema.lazy import LazyDataset, LazyDatasetVersion, LazyJob
from schema.nodes import Node, owner_of, shows
from schema.paging import After, Connection, First, Listing, list_page
from schema.quality.listing import findings_of, quality_of
from schema.quality.types import Finding as QualityFinding
from schema.quality.types import QualityReport
from schema.scalars import Metadata
from schema.search.fields import search_dataset, search_indexes, search_version
from schema.search.types import Searched
from store.records import dataset as records
from store.records.account import User as UserRecord
from store.records.edit import Edits
from store.records.index import SearchIndex as SearchIndexRecord
from store.records.job import Job as JobRecord
from store.records.quality import Finding, Quality
from store.records.rows import VersionRow

show_enum(
    records.DataKind,
    "What the rows are.",
    TEXT="Texts in any language.",
    SEQUENCE="DNA, RNA or protein sequences.",
)
show_enum(
    records.VersionStatus,
    "How far a version is.",
    UPLOADED="Its bytes are there; ingest has not finished.",
    READY="It can be trained on.",
    REJECTED="It could not be read; `problems` says why.",
)


async def _versions(
    dataset: strawberry.Parent[records.Dataset], info: Info, first: First = 20, after: After = None
) -> Listing[records.DatasetVersion]:
    return await list_page(
        info, info.context.store.mongo.dataset_versions, {"dataset_id": dataset.id},
        name=f"versions:{dataset.id}", first=first, after=after,
    )  # fmt: skip


async def _latest(
    dataset: strawberry.Parent[records.Dataset], info: Info
) -> records.DatasetVersion | None:
    page = await info.context.store.mongo.dataset_versions.page({"dataset_id": dataset.id}, first=1)
    return page.items[0] if page.items else None


async def _jobs(
    dataset: strawberry.Parent[records.Dataset], info: Info, first: First = 20, after: After = None
) -> Listing[JobRecord]:
    return await list_page(
        info, info.context.store.mongo.jobs, {"dataset_id": dataset.id},
        name=f"jobs:{dataset.id}", first=first, after=after,
    )  # fmt: skip


async def _dataset(
    version: strawberry.Parent[records.DatasetVersion], info: Info
) -> records.Dataset | None:
    return await info.context.loaders.datasets.load(version.dataset_id)


async def _base(
    version: strawberry.Parent[records.DatasetVersion], info: Info
) -> records.DatasetVersion | None:
    loader = info.context.loaders.dataset_versions
    return await loader.load(version.base_id) if version.base_id else None


async def _job(version: strawberry.Parent[records.DatasetVersion], info: Info) -> JobRecord | None:
    return await info.context.loaders.jobs.load(version.job_id) if version.job_id else None


async def _download_url(version: strawberry.Parent[records.DatasetVersion], info: Info) -> str:
    source = version.source
    return await info.context.store.objects.download_url(source.object_key, source.filename)


@strawberry.type(description="One immutable state of a data set.")
class DatasetVersion(Node):
    is_type_of = shows(records.DatasetVersion)

    number: int = strawberry.field(description="1 for the first version of the data set.")
    kind: records.DataKind = strawberry.field(description="What the rows are.")
    status: records.VersionStatus = strawberry.field(description="How far it is.")
    rows: int = strawberry.field(description="Rows that can be trained on; 0 until it is ready.")
    source: SourceFile = strawberry.field(description="The raw file that it was made from.")
    columns: Columns = strawberry.field(description="Which columns were used.")
    profile: Profile | None = strawberry.field(description="What it holds; null until it is ready.")
    problems: list[Problem] = strawberry.field(
        description="What was wrong with the file, the first faults, at most 100."
    )
    problem_count: int = strawberry.field(description="How many faults there were in all.")
    rejected_rows: int = strawberry.field(description="Rows left out for a fault.")
    created_at: datetime = strawberry.field(description="When its bytes were handed over.")
    ended_at: datetime | None = strawberry.field(description="When it was ready or rejected.")
    dataset: records.Dataset | None = strawberry.field(
        resolver=_dataset,
        graphql_type=LazyDataset | None,
        description="The data set that it belongs to.",
    )
    base: records.DatasetVersion | None = strawberry.field(
        resolver=_base,
        graphql_type=LazyDatasetVersion | None,
        description="The version that this one appended rows to, or edited.",
    )
    job: JobRecord | None = strawberry.field(
        resolver=_job, graphql_type=LazyJob | None, description="The job that ingests it."
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Whose it is."
    )
    row_list: Listing[VersionRow] = strawberry.field(
        directives=costs(5),
        resolver=rows_of,
        graphql_type=Connection[DataRow],
        description="Its rows, in the order of their numbers; an inference worker reads them.",
    )
    diff: Difference = strawberry.field(
        directives=costs(10),
        resolver=diff_of,
        graphql_type=VersionDiff,
        description="What became of the rows of another version of the same data set; an inference "
        "worker compares them.",
    )
    quality: Quality | None = strawberry.field(
        resolver=quality_of,
        graphql_type=QualityReport | None,
        description="What the last check found; null before the first.",
    )
    findings: Listing[Finding] = strawberry.field(
        resolver=findings_of,
        graphql_type=Connection[QualityFinding],
        description="What may be wrong with its rows by the last check, the worst first.",
    )
    edits: Edits | None = strawberry.field(
        graphql_type=VersionEdits | None,
        description="For a version made by edits of its base; null for one read from a file.",
    )
    search: Searched = search_version()
    search_indexes: list[SearchIndexRecord] = search_indexes()
    download_url: str = strawberry.field(
        resolver=_download_url, description="Where the raw file can be fetched for a short while."
    )


@strawberry.type(description="A collection of texts or sequences, with or without labels.")
class Dataset(Node):
    is_type_of = shows(records.Dataset)

    name: str = strawberry.field(description="What its owner calls it.")
    description: str = strawberry.field(description="What it is about.")
    kind: records.DataKind = strawberry.field(description="What the rows are.")
    metadata: Metadata = strawberry.field(description="Notes of its owner.")
    created_at: datetime = strawberry.field(description="When it was made.")
    updated_at: datetime = strawberry.field(description="When it last got a name or a version.")
    version_count: int = strawberry.field(description="How many versions it has.")
    revision: int = strawberry.field(description="Pass it as `expectedVersion` in changes.")
    latest_version: records.DatasetVersion | None = strawberry.field(
        resolver=_latest, graphql_type=DatasetVersion | None, description="The newest version."
    )
    versions: Listing[records.DatasetVersion] = strawberry.field(
        resolver=_versions,
        graphql_type=Connection[DatasetVersion],
        description="All versions, newest first.",
    )
    jobs: Listing[JobRecord] = strawberry.field(
        resolver=_jobs,
        graphql_type=Connection[LazyJob],
        description="Jobs that read it or trained on it, newest first.",
    )
    search: Searched = search_dataset()
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Whose it is."
    )
