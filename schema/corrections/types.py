"""Rounds of learning, as callers see them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.enums import show_enum
from schema.lazy import LazyDatasetVersion, LazyJob, LazyModelVersion, LazyPrediction
from schema.nodes import Node, owner_of, shows
from schema.paging import After, Connection, First, Listing, list_page
from schema.permissions import may_see, visible
from schema.visibility import find_job
from store.records import learning as records
from store.records.account import User as UserRecord
from store.records.dataset import DatasetVersion as DatasetVersionRecord
from store.records.job import Job as JobRecord
from store.records.model import Model as ModelRecord
from store.records.model import ModelVersion as ModelVersionRecord
from store.records.prediction import Prediction as PredictionRecord
from store.records.prediction import Review

show_enum(
    Review,
    "What the model's owner made of a correction.",
    ACCEPTED="It is right: the next round learns from it.",
    REJECTED="It is wrong, and nothing learns from it.",
)
Learning = strawberry.Parent[records.LearningRound]
Reviewed = Annotated[
    Review | None,
    strawberry.argument(description="Only those; null lists what nobody has looked at yet."),
]


async def corrections_of(
    model: strawberry.Parent[ModelRecord], info: Info, review: Reviewed = None, first: First = 20,
    after: After = None,
) -> Listing[PredictionRecord]:  # fmt: skip
    """Of a model that is the viewer's own; none of others'."""
    where: dict[str, Any] = {"model_id": model.id, "correction": {"$ne": None}, "review": review}
    if not may_see(info.context.signed_in, model):
        where["user_id"] = info.context.signed_in.id
    return await list_page(
        info, info.context.store.mongo.predictions, where,
        name=f"corrections:{model.id}:{review}", first=first, after=after,
    )  # fmt: skip


async def rounds_of(
    model: strawberry.Parent[ModelRecord], info: Info, first: First = 20, after: After = None
) -> Listing[records.LearningRound]:
    """Newest first; none of a model that is not the viewer's own."""
    where: dict[str, Any] = {"model_id": model.id}
    if not may_see(info.context.signed_in, model):
        where["owner_id"] = info.context.signed_in.id
    return await list_page(
        info, info.context.store.mongo.learning_rounds, where, name=f"rounds:{model.id}",
        first=first, after=after,
    )  # fmt: skip


async def _predictions(
    learning: Learning, info: Info, first: First = 20, after: After = None
) -> Listing[PredictionRecord]:
    where = {"model_id": learning.model_id, "round_id": learning.id}
    return await list_page(
        info, info.context.store.mongo.predictions, where, name=f"learnt:{learning.id}",
        first=first, after=after,
    )  # fmt: skip


async def _before(learning: Learning, info: Info) -> ModelVersionRecord | None:
    return await info.context.loaders.model_versions.load(learning.before_id)


async def _version(learning: Learning, info: Info) -> DatasetVersionRecord | None:
    found = await info.context.loaders.dataset_versions.load(learning.dataset_version_id)
    return visible(info.context.signed_in, found)


async def _training(learning: Learning, info: Info) -> JobRecord | None:
    return await _job(info, learning.training_job_id)


async def _comparison(learning: Learning, info: Info) -> JobRecord | None:
    return await _job(info, learning.comparison_job_id)


async def _job(info: Info, identifier: str | None) -> JobRecord | None:
    return await find_job(info.context, identifier) if identifier else None


@strawberry.type(
    description="Corrections that went into a data set, and what came of them: follow the "
    "version's job, then the training, then the comparison."
)
class LearningRound(Node):
    is_type_of = shows(records.LearningRound)

    created_at: datetime = strawberry.field(description="When it was begun.")
    rows: int = strawberry.field(description="Texts that were appended; equal ones count once.")
    predictions: Listing[PredictionRecord] = strawberry.field(
        resolver=_predictions,
        graphql_type=Connection[LazyPrediction],
        description="The answers whose corrections it took up, newest first.",
    )
    before: ModelVersionRecord | None = strawberry.field(
        resolver=_before,
        graphql_type=LazyModelVersion | None,
        description="The version that is learnt beyond, and compared with.",
    )
    dataset_version: DatasetVersionRecord | None = strawberry.field(
        resolver=_version,
        graphql_type=LazyDatasetVersion | None,
        description="The version that has the corrected texts as rows.",
    )
    training: JobRecord | None = strawberry.field(
        resolver=_training,
        graphql_type=LazyJob | None,
        description="The training on it, once that version is READY.",
    )
    comparison: JobRecord | None = strawberry.field(
        resolver=_comparison,
        graphql_type=LazyJob | None,
        description="The job that compares the version made with the one before.",
    )
    owner: UserRecord | None = strawberry.field(
        resolver=owner_of, graphql_type=User | None, description="Who began it."
    )
