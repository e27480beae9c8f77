"""Publishing models."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

import strawberry

from schema.context import Info
from schema.errors import UserError
from schema.fields import dry_run, expected_version, no_errors, undo_token, with_payload
from schema.models.effects import Move, PublicationEffect, move_to
from schema.models.types import Model
from schema.once import check_revision
from schema.permissions import Requires
from schema.undo import offer
from schema.visibility import find_model, must_own
from store.clock import now
from store.records import model as records
from store.records.account import Scope
from store.records.undo import UndoKind


@strawberry.input(description="A version to answer under its model's name.")
class PublishModelInput:
    model_id: strawberry.ID = strawberry.field(description="The model.")
    version_id: strawberry.ID = strawberry.field(description="A version of it.")
    force: bool = strawberry.field(
        default=False, description="Publish it although it fails golden questions that block."
    )
    dry_run: bool = dry_run()
    expected_version: int | None = expected_version()


@strawberry.input(description="A model to go back to the version published before.")
class RollBackModelInput:
    model_id: strawberry.ID = strawberry.field(description="The model.")
    dry_run: bool = dry_run()
    expected_version: int | None = expected_version()


@strawberry.input(description="A model to answer no longer.")
class WithdrawModelInput:
    model_id: strawberry.ID = strawberry.field(description="The model.")
    dry_run: bool = dry_run()
    expected_version: int | None = expected_version()


@strawberry.input(description="Changes of a model.")
class UpdateModelInput:
    id: strawberry.ID = strawberry.field(description="The model.")
    description: str = strawberry.field(description="Its new description.")
    expected_version: int | None = expected_version()


@strawberry.type(description="A model after a change.")
class ModelPayload:
    model: records.Model | None = strawberry.field(
        default=None, graphql_type=Model | None, description="The model as it is now."
    )
    effect: Move | None = strawberry.field(
        default=None,
        graphql_type=PublicationEffect | None,
        description="What changes for those who ask it, where another version answers then.",
    )
    undo_token: str | None = undo_token()
    user_errors: list[UserError] = no_errors()


PublishInput = Annotated[PublishModelInput, strawberry.argument(description="What to publish.")]
BackInput = Annotated[RollBackModelInput, strawberry.argument(description="The model.")]
Moving = PublishModelInput | RollBackModelInput | WithdrawModelInput
Act = Callable[[], Awaitable[records.Model]]
WithdrawInput = Annotated[WithdrawModelInput, strawberry.argument(description="The model.")]
ChangeInput = Annotated[UpdateModelInput, strawberry.argument(description="The changes.")]


async def _asked(info: Info, input: Moving) -> records.Model:
    """The model, for its owner and admins. Raises Missing, Denied, Conflict."""
    known = await must_own(info.context, find_model, input.model_id, "modelId")
    check_revision(known, input.expected_version)
    return known


async def _moved(
    info: Info, known: records.Model, would_be: records.Model, input: Moving, move: Act
) -> ModelPayload:
    """What the act did or, in a dry run, would: `would_be` is the model after it."""
    effect = await move_to(info, known, would_be)
    if input.dry_run:
        return ModelPayload(model=known, effect=effect)
    model = await move()
    was = known.published_version_id
    token = await offer(info, UndoKind.ALIAS_MOVED, known, model, model.id, version=was)
    return ModelPayload(model=model, effect=effect, undo_token=token)


@strawberry.type
class ModelMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Let a version answer under its model's name; refused if it fails a question that blocks.",
    )
    async def publish_model(self, info: Info, input: PublishInput) -> ModelPayload:
        known = await _asked(info, input)
        store, by = info.context.store, info.context.signed_in.id
        await store.models.version_of(known.id, input.version_id)
        if not input.force:
            await store.golden.require(known.id, input.version_id)
        would_be = known.published(input.version_id, by, now())
        return await _moved(
            info, known, would_be, input,
            lambda: store.models.publish(known.id, input.version_id, by, input.expected_version),
        )  # fmt: skip

    @with_payload(
        Requires(Scope.WRITE),
        "Let the version that was published before answer again.",
    )
    async def roll_back_model(self, info: Info, input: BackInput) -> ModelPayload:
        known = await _asked(info, input)
        models, by = info.context.store.models, info.context.signed_in.id
        return await _moved(
            info, known, known.rolled_back(by, now()), input,
            lambda: models.roll_back(known.id, by, input.expected_version),
        )  # fmt: skip

    @with_payload(
        Requires(Scope.WRITE),
        "Let no version answer under the model's name.",
    )
    async def withdraw_model(self, info: Info, input: WithdrawInput) -> ModelPayload:
        known = await _asked(info, input)
        models = info.context.store.models
        return await _moved(
            info, known, known.withdrawn(), input,
            lambda: models.withdraw(known.id, input.expected_version),
        )  # fmt: skip

    @with_payload(
        Requires(Scope.WRITE),
        "Change a model's description.",
    )
    async def update_model(self, info: Info, input: ChangeInput) -> ModelPayload:
        known = await must_own(info.context, find_model, input.id, "id")
        model = await info.context.store.models.describe(
            known.id, input.description, expected_revision=input.expected_version
        )
        was = known.description
        token = await offer(info, UndoKind.MODEL_UPDATED, known, model, model.id, description=was)
        return ModelPayload(model=model, undo_token=token)
