"""Making labelling batches, and leaving items out."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.errors import Missing, UserError
from schema.fields import idempotency_key, no_errors, with_payload
from schema.labelling.types import LabellingBatch
from schema.once import once
from schema.permissions import Requires
from schema.visibility import find_drift_report, find_labelling_batch, must_find
from store import ids
from store.errors import NotFound
from store.records import labelling as records
from store.records.account import Scope


@strawberry.input(description="What to have labelled.")
class CreateLabellingBatchInput:
    drift_report_id: strawberry.ID = strawberry.field(
        description="A report whose job has succeeded."
    )
    holes: list[int] | None = strawberry.field(
        default=None,
        description="Numbers of its holes, at most 20, which take turns; null takes all of them, "
        "and then strange and doubtful texts in none.",
    )
    size: int = strawberry.field(default=50, description="How many texts at most, 1 to 100.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An item that nobody will label.")
class SkipLabellingItemInput:
    batch_id: strawberry.ID = strawberry.field(description="The batch.")
    prediction_id: strawberry.ID = strawberry.field(description="The answer in it.")


@strawberry.type(description="The batch that `createLabellingBatch` made.")
class CreateLabellingBatchPayload:
    batch: records.LabellingBatch | None = strawberry.field(
        default=None, graphql_type=LabellingBatch | None, description="The batch."
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="What `skipLabellingItem` did.")
class SkipLabellingItemPayload:
    batch: records.LabellingBatch | None = strawberry.field(
        default=None, graphql_type=LabellingBatch | None, description="The batch as it is now."
    )
    user_errors: list[UserError] = no_errors()


CreateInput = Annotated[CreateLabellingBatchInput, strawberry.argument(description="What.")]
SkipInput = Annotated[SkipLabellingItemInput, strawberry.argument(description="The item.")]


@strawberry.type
class LabellingMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Have people label what a drift report found: texts far from all that was learnt first, "
        "and unlike each other. Texts that are labelled, or in a batch of the report, are left "
        "out.",
    )
    async def create_labelling_batch(
        self, info: Info, input: CreateInput
    ) -> CreateLabellingBatchPayload:
        context, viewer = info.context, info.context.signed_in
        report = await must_find(context, find_drift_report, input.drift_report_id, "driftReportId")

        async def create(identifier: str) -> str:
            batch = await context.store.labelling.create(
                report, viewer.id, holes=input.holes, size=input.size, batch_id=identifier
            )
            return batch.id

        identifier = await once(info, input, ids.LABELLING, create)
        found = await context.store.mongo.labelling_batches.find(identifier)
        return CreateLabellingBatchPayload(batch=found)

    @with_payload(Requires(Scope.WRITE), "Leave an item of a batch without a label.")
    async def skip_labelling_item(self, info: Info, input: SkipInput) -> SkipLabellingItemPayload:
        context = info.context
        batch = await must_find(context, find_labelling_batch, input.batch_id, "batchId")
        try:
            skipped = await context.store.labelling.skip(batch.id, input.prediction_id)
        except NotFound as missing:
            raise Missing(str(missing), "predictionId") from None
        return SkipLabellingItemPayload(batch=skipped)
