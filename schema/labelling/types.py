"""Labelling batches, as callers see them."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.drift.types import DriftReport
from schema.enums import show_enum
from schema.lazy import LazyModel, LazyPrediction
from schema.nodes import Node, owner_of, shows
from schema.paging import After, First, Listing, list_page
from schema.visibility import drift_for
from store.records import labelling as records
from store.records.account import User as UserRecord
from store.records.drift import DriftReport as ReportRecord
from store.records.model import Model as ModelRecord
from store.records.prediction import Prediction as PredictionRecord

show_enum(
    records.LabellingStatus,
    "How far an item of a batch is.",
    OPEN="It waits for a label: `correctPrediction` gives it one.",
    LABELLED="Somebody said what its answer should be.",
    SKIPPED="Nobody will label it.",
)
Batch = strawberry.Parent[records.LabellingBatch]
Status = Annotated[
    records.LabellingStatus | None, strawberry.argument(description="Only those; null lists all.")
]


async def batches_of(
    model: strawberry.Parent[ModelRecord], info: Info, first: First = 20, after: After = None
) -> Listing[records.LabellingBatch]:
    """Newest first."""
    where = {"model_id": model.id} | drift_for(info.context.signed_in)
    return await list_page(
        info, info.context.store.mongo.labelling_batches, where, name=f"batches:{model.id}",
        first=first, after=after,
    )  # fmt: skip


async def _items(batch: Batch, info: Info, status: Status = None) -> list[records.Item]:
    items = await info.context.store.labelling.items(batch)
    return [each for each in items if status in (None, each.status)]


async def _progress(batch: Batch, info: Info) -> LabellingProgress:
    items = await info.context.store.labelling.items(batch)
    counts = Counter(each.status for each in items)
    return LabellingProgress(
        total=len(items),
        labelled=counts[records.LabellingStatus.LABELLED],
        skipped=counts[records.LabellingStatus.SKIPPED],
        open=counts[records.LabellingStatus.OPEN],
    )


async def _model(batch: Batch, info: Info) -> ModelRecord | None:
    return await info.context.loaders.models.load(batch.model_id)


async def _report(batch: Batch, info: Info) -> ReportRecord | None:
    return await info.context.loaders.drift_reports.load(batch.report_id)


def _hole(item: strawberry.Parent[records.Item]) -> int | None:
    return item.candidate.hole


@strawberry.type(description="How much of a batch is done.")
class LabellingProgress:
    total: int = strawberry.field(description="Items.")
    labelled: int = strawberry.field(description="Those that have a label.")
    skipped: int = strawberry.field(description="Those that nobody will label.")
    open: int = strawberry.field(description="Those that wait.")


@strawberry.type(description="An answer to be labelled.")
class LabellingItem:
    status: records.LabellingStatus = strawberry.field(description="How far it is.")
    hole: int | None = strawberry.field(
        resolver=_hole, description="Number of the report's hole that it is from; null for none."
    )
    prediction: PredictionRecord = strawberry.field(
        graphql_type=LazyPrediction,
        description="The answer: pass its `id` to `correctPrediction`, with any label that fits, "
        "also one that the model does not know.",
    )


@strawberry.type(
    description="Answers to be labelled by people. What `reviewCorrections` accepts of it, "
    "`learnFromCorrections` learns."
)
class LabellingBatch(Node):
    is_type_of = shows(records.LabellingBatch)

    created_at: datetime = strawberry.field(description="When it was made.")
    holes: list[int] | None = strawberry.field(
        description="The report's holes that it is from, at most 20; null for all, and for strange "
        "texts in no hole."
    )
    progress: LabellingProgress = strawberry.field(
        resolver=_progress, description="How much of it is done."
    )
    items: list[records.Item] = strawberry.field(
        resolver=_items,
        graphql_type=list[LabellingItem],
        description="What is to be labelled, in the order that teaches most; at most 100.",
    )
    report: ReportRecord | None = strawberry.field(
        resolver=_report, graphql_type=DriftReport | None, description="Where it comes from."
    )
    model: ModelRecord | None = strawberry.field(
        resolver=_model,
        graphql_type=LazyModel | None,
        description="The model that answered, and that is to learn.",
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Who made it."
    )
