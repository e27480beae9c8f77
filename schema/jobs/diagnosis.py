"""Why a job failed and what would help: fixes are mutations, ready to be sent."""

from __future__ import annotations

from typing import Any

import strawberry

from schema.context import Info
from schema.jobs.spec import as_variables
from schema.scalars import Variables
from store import diagnosis as found
from store.codec import to_plain
from store.records.dataset import Columns
from store.records.job import Job as JobRecord

RETRY = """mutation Retry($input: RetryJobInput!) {
  retryJob(input: $input) { job { id status } userErrors { code message path } }
}"""
REREAD = """mutation Reread($input: RereadDatasetInput!) {
  rereadDataset(input: $input) {
    version { id number } job { id status } userErrors { code message path }
  }
}"""
PURGE = """mutation Purge($input: PurgeInput!) {
  purge(input: $input) { job { id status } userErrors { code message path } }
}"""


@strawberry.type(description="A row that a failure is about.")
class ConcernedRow:
    reason: str = strawberry.field(description="What is the matter with it.")
    text: str | None = strawberry.field(description="Its value's first 200 characters.")
    line: int | None = strawberry.field(description="Line of the raw file, counted from 1.")
    row: int | None = strawberry.field(
        description="Number of the row in its version, counted from 0."
    )


@strawberry.type(description="Something that would help; `applyFix` does it, or `mutation`.")
class Fix:
    id: strawberry.ID = strawberry.field(
        description="Names it among the job's fixes; the same in every failure of the same kind."
    )
    label: str = strawberry.field(description="What it would do, for people.")
    mutation: str = strawberry.field(description="The operation that does it, as GraphQL text.")
    variables: Variables = strawberry.field(description="The operation's variables.")


@strawberry.type(description="Why a job failed, and what would help.")
class Diagnosis:
    cause: str = strawberry.field(description="One or two sentences for people.")
    evidence: list[str] = strawberry.field(
        description="The facts that it rests on, a sentence each, at most 10."
    )
    rows: list[ConcernedRow] = strawberry.field(
        description="The rows that it is about, where they are known, at most 20."
    )
    fixes: list[Fix] = strawberry.field(
        description="What would help, the likeliest first, at most 10; empty where only other "
        "data do."
    )


async def diagnosis_of(job: strawberry.Parent[JobRecord], info: Info) -> Diagnosis | None:
    """The rules over the job and the version that it read."""
    versions = info.context.loaders.dataset_versions
    version = await versions.load(job.dataset_version_id) if job.dataset_version_id else None
    diagnosed = found.diagnose(job, version)
    if diagnosed is None:
        return None
    return Diagnosis(
        cause=diagnosed.cause,
        evidence=list(diagnosed.evidence),
        rows=[ConcernedRow(**to_plain(row)) for row in diagnosed.rows],
        fixes=[_shown(job, fix) for fix in diagnosed.fixes],
    )


def _shown(job: JobRecord, fix: found.Fix) -> Fix:
    mutation, asked = _operation(job, fix.action)
    variables = Variables({"input": asked})
    return Fix(id=strawberry.ID(fix.id), label=fix.label, mutation=mutation, variables=variables)


def _operation(job: JobRecord, action: found.Action) -> tuple[str, dict[str, Any]]:
    """The mutation's text and its input."""
    if isinstance(action, found.PurgeAgain):
        return PURGE, {"id": action.thing_id}
    if isinstance(action, found.ReadAgain):
        how, columns = as_variables(action.reading), _named(action.columns)
        return REREAD, {"versionId": job.dataset_version_id, **how, "columns": columns}
    if action.spec is None:
        return RETRY, {"id": job.id}
    return RETRY, {"id": job.id, "spec": as_variables(action.spec)}


def _named(columns: Columns) -> dict[str, str | None]:
    return {"text": columns.text, "label": columns.label, "split": columns.split}
