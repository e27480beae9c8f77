"""What a check found, as callers see it."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.context import Info
from schema.enums import show_enum
from schema.jobs.spec import EmbedderSpec
from schema.lazy import LazyDatasetVersion, LazyJob
from schema.nodes import Node, shows
from store.records import edit
from store.records import quality as records
from store.records.dataset import DatasetVersion as DatasetVersionRecord
from store.records.job import Job as JobRecord
from store.records.training import EmbedderSpec as EmbedderRecord

show_enum(
    records.FindingKind,
    "What may be wrong with rows.",
    LABEL_ERROR="A label that a classifier which had not seen the row thinks is another's "
    "(confident learning).",
    CONFLICT="Equal texts under several labels.",
    NEAR_DUPLICATE="Rows that say nearly the same, by their vectors or their letters.",
    LEAKAGE="Rows that say nearly the same in several given splits.",
    OUTLIER="A text that is far from all others.",
    TOO_SHORT="A text with hardly a letter or digit.",
)
show_enum(
    records.FindingStatus,
    "What was decided about a finding.",
    OPEN="Nothing yet.",
    FIXED="A later version mends it.",
    DISMISSED="It is no fault; later checks do not open it again.",
)


@strawberry.type(description="A row that shows why something is suspected.")
class Evidence:
    row: int = strawberry.field(description="Its number.")
    text: str = strawberry.field(description="Its text, 500 characters at most.")
    label: str | None = strawberry.field(description="Its label.")
    split: str | None = strawberry.field(description="Its given split.")
    is_subject: bool = strawberry.field(
        description="Whether the finding is about it; else it is there to compare with."
    )
    cosine: float | None = strawberry.field(
        description="How near it is to the finding's first row; null for label errors' own rows."
    )


@strawberry.type(description="What would mend one row.")
class RowEdit:
    row: int = strawberry.field(description="The row's number.")
    label: str | None = strawberry.field(description="Its new label, where it gets one.")
    drop: bool = strawberry.field(description="Whether it is to be dropped.")


async def _version(
    finding: strawberry.Parent[records.Finding], info: Info
) -> DatasetVersionRecord | None:
    return await info.context.loaders.dataset_versions.load(finding.dataset_version_id)


async def _fixed_in(
    finding: strawberry.Parent[records.Finding], info: Info
) -> DatasetVersionRecord | None:
    loader = info.context.loaders.dataset_versions
    return await loader.load(finding.fixed_in) if finding.fixed_in else None


@strawberry.type(description="One suspicion of a check, with what shows it and what would mend it.")
class Finding(Node):
    is_type_of = shows(records.Finding)

    kind: records.FindingKind = strawberry.field(description="What may be wrong.")
    status: records.FindingStatus = strawberry.field(description="What was decided about it.")
    rank: int = strawberry.field(description="Its place among those of its kind, 0 for the worst.")
    score: float = strawberry.field(
        description="0 to 1, higher is worse; to be compared within a kind alone."
    )
    message: str = strawberry.field(description="What is suspected, in a sentence.")
    row_count: int = strawberry.field(description="How many rows it is about.")
    evidence: list[Evidence] = strawberry.field(
        description="The first rows that it is about, and up to three to compare with; at most 13."
    )
    edits: list[edit.RowEdit] = strawberry.field(
        graphql_type=list[RowEdit],
        description="What `fixFindings` would do, at most 1,000 rows; empty where people have to "
        "decide.",
    )
    dataset_version: DatasetVersionRecord | None = strawberry.field(
        resolver=_version,
        graphql_type=LazyDatasetVersion | None,
        description="The version checked.",
    )
    fixed_in: DatasetVersionRecord | None = strawberry.field(
        resolver=_fixed_in,
        graphql_type=LazyDatasetVersion | None,
        description="The version that mends it, once it is FIXED.",
    )


@strawberry.type(description="How many findings of a kind there are.")
class FindingCount:
    kind: records.FindingKind = strawberry.field(description="The kind.")
    found: int = strawberry.field(description="All of them.")
    kept: int = strawberry.field(description="The worst of them, which are listed: at most 1,000.")
    open: int = strawberry.field(description="Listed ones that nobody has decided about.")
    rows: int = strawberry.field(description="Rows that they are about, each counted once.")


async def _counts(quality: strawberry.Parent[records.Quality], info: Info) -> list[FindingCount]:
    still_open = await info.context.store.mongo.findings.count_open(quality.job_id)
    return [
        FindingCount(
            kind=each.kind, found=each.found, kept=each.kept, rows=each.rows,
            open=still_open.get(each.kind, 0),
        )
        for each in quality.counts
    ]  # fmt: skip


async def _job(quality: strawberry.Parent[records.Quality], info: Info) -> JobRecord | None:
    return await info.context.loaders.jobs.load(quality.job_id)


@strawberry.type(description="What a check was asked to look for.")
class CheckSpec:
    kinds: list[records.FindingKind] = strawberry.field(description="Kinds of faults, at most six.")
    near_cosine: float | None = strawberry.field(
        description="Cosine from which on rows were to be near duplicates; null for what suits the "
        "embedder."
    )
    embedder: EmbedderRecord = strawberry.field(
        graphql_type=EmbedderSpec, description="How texts became vectors."
    )


def check_of(job: strawberry.Parent[JobRecord]) -> CheckSpec | None:
    """For a check alone."""
    if job.check is None:
        return None
    return CheckSpec(
        kinds=list(job.check.kinds), near_cosine=job.check.near_cosine, embedder=job.spec.embedder
    )


@strawberry.type(description="What the last check of a version found.")
class QualityReport:
    at: datetime = strawberry.field(description="When it was done.")
    score: float = strawberry.field(
        description="Share of the rows that no finding is about, 0 to 1."
    )
    label_noise: float | None = strawberry.field(
        description="Estimated share of wrong labels, 0 to 1; null where labels were not judged."
    )
    counts: list[FindingCount] = strawberry.field(
        resolver=_counts,
        description="How many there are: at most six entries, one a kind that was looked for.",
    )
    job: JobRecord | None = strawberry.field(
        resolver=_job, graphql_type=LazyJob | None, description="The check."
    )
