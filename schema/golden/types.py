"""Golden questions, as callers see them."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.accounts.types import User
from schema.context import Info
from schema.nodes import Node, shows
from schema.paging import After, First, Listing, list_page
from schema.permissions import visible
from schema.visibility import sees_model
from store.records import golden as records
from store.records.account import User as UserRecord
from store.records.model import Model, ModelVersion

Question = strawberry.Parent[records.GoldenQuestion]


async def _pinned_by(question: Question, info: Info) -> UserRecord | None:
    model = await info.context.loaders.models.load(question.model_id)
    viewer = info.context.signed_in
    knows = question.pinned_by == viewer.id or visible(viewer, model) is not None
    return await info.context.loaders.users.load(question.pinned_by) if knows else None


@strawberry.type(description="A text whose answer matters so much that a model is held to it.")
class GoldenQuestion(Node):
    is_type_of = shows(records.GoldenQuestion)

    revision: int = strawberry.field(description="Pass it as `expectedVersion` to change it.")
    text: str = strawberry.field(description="The text.")
    label: str = strawberry.field(description="What the model has to answer.")
    note: str = strawberry.field(description="Why it matters.")
    blocks: bool = strawberry.field(
        description="Whether a version that answers otherwise is not published."
    )
    created_at: datetime = strawberry.field(description="When it was pinned.")
    pinned_by: UserRecord | None = strawberry.field(
        resolver=_pinned_by,
        graphql_type=User | None,
        description="By whom; null for callers who are neither that one, the model's owner nor an "
        "admin.",
    )


@strawberry.type(description="What a version says to a golden question.")
class GoldenResult:
    is_type_of = shows(records.GoldenResult)

    question: records.GoldenQuestion = strawberry.field(
        graphql_type=GoldenQuestion, description="The question."
    )
    label: str = strawberry.field(description="The likeliest label.")
    probability: float = strawberry.field(description="How sure the version is, 0 to 1.")
    abstained: bool = strawberry.field(description="Whether it would not answer.")
    passed: bool = strawberry.field(description="Whether it answers, and as it has to.")


async def questions_of(
    model: strawberry.Parent[Model], info: Info, first: First = 20, after: After = None
) -> Listing[records.GoldenQuestion]:
    """Newest first."""
    return await list_page(
        info, info.context.store.mongo.golden_questions, {"model_id": model.id},
        name=f"golden:{model.id}", first=first, after=after,
    )  # fmt: skip


async def results_of(
    version: strawberry.Parent[ModelVersion], info: Info
) -> list[records.GoldenResult]:
    """Asked now; nothing for a model that the caller sees no longer."""
    model = await info.context.loaders.models.load(version.model_id)
    if model is None or not sees_model(info.context.signed_in, model):
        return []
    return await info.context.store.golden.results(model.id, version.id)
