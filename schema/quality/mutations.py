"""Checking data, and deciding about what was found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import strawberry

from schema.context import Context, Info
from schema.cost import JOB_COST
from schema.datasets.effects import rows_effect
from schema.datasets.payloads import DatasetVersionPayload, version_payload
from schema.errors import Missing, UserError
from schema.fields import no_errors, with_payload
from schema.jobs.types import Job
from schema.once import once
from schema.permissions import Requires, may_see
from schema.quality.inputs import (
    CheckDatasetInput,
    DismissFindingsInput,
    FixFindingsInput,
    checked_ids,
)
from schema.quality.types import Finding
from schema.visibility import find_dataset_version, must_find
from store import ids
from store.records import job as jobs
from store.records import quality as records
from store.records.account import Scope

CheckInput = Annotated[CheckDatasetInput, strawberry.argument(description="The version.")]
FixInput = Annotated[FixFindingsInput, strawberry.argument(description="The findings.")]
DismissInput = Annotated[DismissFindingsInput, strawberry.argument(description="The findings.")]


@strawberry.type(description="What `checkDataset` set going.")
class CheckDatasetPayload:
    job: jobs.Job | None = strawberry.field(
        default=None, graphql_type=Job | None, description="The check; follow it."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `dismissFindings` decided.")
class DismissFindingsPayload:
    findings: list[records.Finding] | None = strawberry.field(
        default=None,
        graphql_type=list[Finding] | None,
        description="The findings as they are now, at most 1,000; null where nothing was done.",
    )
    user_errors: list[UserError] = no_errors()


async def _seen(context: Context, asked: Sequence[str]) -> dict[str, records.Finding]:
    """Those that the viewer may see, by id; none of a data set that is in the trash."""
    known = await context.store.mongo.findings.get_many(asked)
    live = await context.store.live.datasets({each.dataset_id for each in known.values()})
    seen = [each for each in known.values() if may_see(context.signed_in, each)]
    return {each.id: each for each in seen if each.dataset_id in live}


@strawberry.type
class QualityMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Look for wrong labels, duplicates, outliers and leaks in a version's rows.",
        cost=JOB_COST,
    )
    async def check_dataset(self, info: Info, input: CheckInput) -> CheckDatasetPayload:
        async def make(job_id: str) -> None:
            await context.store.checks.start(
                version.id, input.spec.record(), input.spec.asked_embedder(),
                seed=input.spec.seed, job_id=job_id,
            )  # fmt: skip

        context = info.context
        version = await must_find(
            context, find_dataset_version, input.dataset_version_id, "datasetVersionId"
        )
        job_id = await once(info, input, ids.JOB, make)
        return CheckDatasetPayload(job=await context.store.mongo.jobs.get(job_id))

    @with_payload(
        Requires(Scope.WRITE),
        "Mend findings as they propose, in the data set's next version.",
        cost=JOB_COST,
    )
    async def fix_findings(self, info: Info, input: FixInput) -> DatasetVersionPayload:
        async def make(version_id: str) -> None:
            await context.store.checks.fix(
                version, finding_ids=asked, kind=input.kind, first=input.first, note=input.note,
                version_id=version_id,
            )  # fmt: skip

        context, asked = info.context, input.asked_ids()
        version = await must_find(
            context, find_dataset_version, input.dataset_version_id, "datasetVersionId"
        )
        if input.dry_run:
            edits = await context.store.checks.edits(version, asked, input.kind, input.first)
            base = await context.store.datasets.newest_ready(version.dataset_id)
            return DatasetVersionPayload(effect=await rows_effect(context, base, edits))
        version_id = await once(info, input, ids.DATASET_VERSION, make)
        return await version_payload(context, version_id)

    @with_payload(
        Requires(Scope.WRITE),
        "Decide that findings are no faults, or take that back.",
    )
    async def dismiss_findings(self, info: Info, input: DismissInput) -> DismissFindingsPayload:
        checks, asked = info.context.store.checks, checked_ids(input.ids)
        mine = await _seen(info.context, asked)
        if missing := [each for each in asked if each not in mine]:
            raise Missing(f"there is no {missing[0]!r}", "ids")
        await (checks.reopen if input.reopen else checks.dismiss)(list(mine.values()))
        now = await _seen(info.context, asked)
        return DismissFindingsPayload(findings=[now[each] for each in asked if each in now])
