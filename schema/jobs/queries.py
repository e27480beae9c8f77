"""Reading jobs."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.fields import query
from schema.jobs.types import Job
from schema.paging import After, Connection, First, Listing, list_page, matching
from schema.permissions import Requires
from schema.visibility import find_job, owned_by
from store.records import job as records
from store.records.account import Scope


@strawberry.input(description="Which jobs to list; what is left out does not matter.")
class JobFilter:
    kind: records.JobKind | None = strawberry.field(default=None, description="Of this kind.")
    statuses: list[records.JobStatus] | None = strawberry.field(
        default=None, description="In one of these, at most all of them."
    )
    dataset_id: strawberry.ID | None = strawberry.field(
        default=None, description="Reading this data set."
    )
    model_id: strawberry.ID | None = strawberry.field(
        default=None, description="Adding to this model."
    )
    owner_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this user; others' are seen by admins only."
    )

    def where(self) -> dict[str, Any]:
        """The filter in MongoDB's words."""
        return matching(
            kind=self.kind, status=self.statuses, dataset_id=self.dataset_id,
            model_id=self.model_id, owner_id=self.owner_id,
        )  # fmt: skip


Filter = Annotated[JobFilter | None, strawberry.argument(description="Lists only some of them.")]
Id = Annotated[strawberry.ID, strawberry.argument(description="The job's id.")]


@strawberry.type
class JobQueries:
    @query(
        Requires(Scope.READ),
        "The caller's jobs, newest first; everybody's for an admin.",
        shows=Connection[Job],
    )
    async def jobs(
        self, info: Info, filter: Filter = None, first: First = 20, after: After = None
    ) -> Listing[records.Job]:
        where = (filter.where() if filter else {}) | owned_by(info.context.signed_in)
        return await list_page(
            info, info.context.store.mongo.jobs, where, name="jobs", first=first, after=after
        )

    @query(
        Requires(Scope.READ),
        "A job by its id; null when there is none that the caller may see.",
        shows=Job | None,
    )
    async def job(self, info: Info, id: Id) -> records.Job | None:
        return await find_job(info.context, id)
