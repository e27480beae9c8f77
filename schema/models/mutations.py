"""Publishing models."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.errors import UserError
from schema.fields import expected_version, no_errors, with_payload
from schema.models.types import Model
from schema.permissions import Requires
from schema.visibility import find_model, must_own
from store.records import model as records
from store.records.account import Scope


@strawberry.input(description="A version to answer under its model's name.")
class PublishModelInput:
    model_id: strawberry.ID = strawberry.field(description="The model.")
    version_id: strawberry.ID = strawberry.field(description="A version of it.")
    force: bool = strawberry.field(
        default=False, description="Publish it although it fails golden questions that block."
    )
    expected_version: int | None = expected_version()


@strawberry.input(description="A model to go back to the version published before.")
class RollBackModelInput:
    model_id: strawberry.ID = strawberry.field(description="The model.")


@strawberry.input(description="A model to answer no longer.")
class WithdrawModelInput:
    model_id: strawberry.ID = strawberry.field(description="The model.")


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
    user_errors: list[UserError] = no_errors()


PublishInput = Annotated[PublishModelInput, strawberry.argument(description="What to publish.")]
BackInput = Annotated[RollBackModelInput, strawberry.argument(description="The model.")]
WithdrawInput = Annotated[WithdrawModelInput, strawberry.argument(description="The model.")]
ChangeInput = Annotated[UpdateModelInput, strawberry.argument(description="The changes.")]


@strawberry.type
class ModelMutations:
    @with_payload(
        Requires(Scope.WRITE),
        "Let a version answer under its model's name; refused if it fails a question that blocks.",
    )
    async def publish_model(self, info: Info, input: PublishInput) -> ModelPayload:
        known = await must_own(info.context, find_model, input.model_id, "modelId")
        if not input.force:
            await info.context.store.golden.require(known.id, input.version_id)
        model = await info.context.store.models.publish(
            known.id, input.version_id, info.context.signed_in.id,
            expected_revision=input.expected_version,
        )  # fmt: skip
        return ModelPayload(model=model)

    @with_payload(
        Requires(Scope.WRITE),
        "Let the version that was published before answer again.",
    )
    async def roll_back_model(self, info: Info, input: BackInput) -> ModelPayload:
        known = await must_own(info.context, find_model, input.model_id, "modelId")
        by = info.context.signed_in.id
        return ModelPayload(model=await info.context.store.models.roll_back(known.id, by))

    @with_payload(
        Requires(Scope.WRITE),
        "Let no version answer under the model's name.",
    )
    async def withdraw_model(self, info: Info, input: WithdrawInput) -> ModelPayload:
        known = await must_own(info.context, find_model, input.model_id, "modelId")
        by = info.context.signed_in.id
        return ModelPayload(model=await info.context.store.models.withdraw(known.id, by))

    @with_payload(
        Requires(Scope.WRITE),
        "Change a model's description.",
    )
    async def update_model(self, info: Info, input: ChangeInput) -> ModelPayload:
        known = await must_own(info.context, find_model, input.id, "id")
        model = await info.context.store.models.describe(
            known.id, input.description, expected_revision=input.expected_version
        )
        return ModelPayload(model=model)
