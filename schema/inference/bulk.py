"""Asking for answers to all rows of a file or a data set, and finding them again."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.cost import JOB_COST
from schema.errors import UserError
from schema.fields import no_errors, query, with_payload
from schema.inference.asked import asked_version, check_unbound
from schema.inference.bulk_inputs import PredictInBulkInput
from schema.inference.bulk_types import BulkPrediction
from schema.jobs.priority import check_priority
from schema.jobs.types import Job
from schema.once import once
from schema.paging import After, Connection, First, Listing, list_page, matching
from schema.permissions import Requires
from schema.visibility import find_dataset_version, must_find, owned_by
from store import ids
from store.records import bulk as records
from store.records import job as jobs
from store.records.account import Scope


@strawberry.type(description="What `predictInBulk` set going.")
class PredictInBulkPayload:
    job: jobs.Job | None = strawberry.field(
        default=None,
        graphql_type=Job | None,
        description="The job; follow it, then read its `bulkResult`.",
    )
    user_errors: list[UserError] = no_errors()


@strawberry.input(description="Which bulk predictions to list; what is left out does not matter.")
class BulkPredictionFilter:
    status: records.BulkStatus | None = strawberry.field(default=None, description="That far.")
    model_id: strawberry.ID | None = strawberry.field(default=None, description="Of this model.")
    model_version_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this version."
    )
    dataset_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of rows of this data set."
    )
    owner_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this user; others' are seen by admins only."
    )

    def where(self) -> dict[str, Any]:
        """The filter in MongoDB's words."""
        return matching(
            status=self.status, model_id=self.model_id, model_version_id=self.model_version_id,
            dataset_id=self.dataset_id, owner_id=self.owner_id,
        )  # fmt: skip


Filter = Annotated[
    BulkPredictionFilter | None, strawberry.argument(description="Lists only some of them.")
]
Rows = Annotated[PredictInBulkInput, strawberry.argument(description="The model and the rows.")]


@strawberry.type
class BulkMutations:
    @with_payload(
        Requires(Scope.PREDICT),
        "Have a model answer every row of a data set's version, or of a file; a job writes the "
        "answers into a file. They are those that `predict` gives.",
        cost=JOB_COST,
    )
    async def predict_in_bulk(self, info: Info, input: Rows) -> PredictInBulkPayload:
        async def make(job_id: str) -> None:
            await context.store.bulk.start(
                context.signed_in.id, version_id, spec, job_id=job_id, priority=input.priority,
                dataset_version_id=input.dataset_version_id,
            )  # fmt: skip

        context, spec = info.context, input.spec()
        check_priority(context, input.priority)
        check_unbound(context)
        _, version_id = await asked_version(context, input.model)
        if input.dataset_version_id is not None:
            find = find_dataset_version
            await must_find(context, find, input.dataset_version_id, "datasetVersionId")
        job_id = await once(info, input, ids.JOB, make)
        return PredictInBulkPayload(job=await context.store.mongo.jobs.get(job_id))


@strawberry.type
class BulkQueries:
    @query(
        Requires(Scope.READ),
        "The caller's bulk predictions, newest first; everybody's for an admin.",
        shows=Connection[BulkPrediction],
    )
    async def bulk_predictions(
        self, info: Info, filter: Filter = None, first: First = 20, after: After = None
    ) -> Listing[records.BulkPrediction]:
        where = (filter.where() if filter else {}) | owned_by(info.context.signed_in)
        return await list_page(
            info, info.context.store.mongo.bulk_predictions, where,
            name="bulkPredictions", first=first, after=after,
        )  # fmt: skip
