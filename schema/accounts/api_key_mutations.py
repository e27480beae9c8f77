"""Making, rotating and ending API keys."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta
from typing import Annotated

import strawberry

from schema.accounts.api_keys import ApiKey
from schema.context import Info
from schema.errors import UserError
from schema.fields import idempotency_key, no_errors, with_payload
from schema.once import once
from schema.permissions import RequiresSession
from schema.scalars import BigInt
from schema.visibility import find_api_key, find_model, must_find
from store import ids
from store.errors import AlreadyExists
from store.records import account as records
from store.records.account import Budget, Scope


@strawberry.input(description="What a key may use on one day, UTC.")
class ApiKeyBudgetInput:
    points: BigInt | None = strawberry.field(
        default=None, description="Points of `extensions.cost`; no bound if left out."
    )
    predictions: BigInt | None = strawberry.field(
        default=None, description="Texts that models are asked about; no bound if left out."
    )

    def record(self) -> Budget:
        return Budget(self.points, self.predictions)


@strawberry.input(description="The key to make.")
class CreateApiKeyInput:
    name: str = strawberry.field(description="To tell it from others, 1 to 100 characters.")
    scopes: list[Scope] = strawberry.field(description="At least one; ADMIN for admins only.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="When it ends; never if left out."
    )
    model_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="The only models that it is to reach, at most 20; such a key may READ and "
        "PREDICT only. All if left out.",
    )
    budget: ApiKeyBudgetInput | None = strawberry.field(
        default=None, description="What it may use a day; no bound if left out."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="The key that is to get a new secret.")
class RotateApiKeyInput:
    id: strawberry.ID = strawberry.field(description="One of the caller's keys.")
    overlap_hours: int = strawberry.field(
        default=24, description="How long the old secret is good as well: 0 to 168 hours."
    )
    expires_at: datetime | None = strawberry.field(
        default=None, description="When the key ends from now on; as before if left out."
    )


@strawberry.input(description="The key to end.")
class RevokeApiKeyInput:
    id: strawberry.ID = strawberry.field(description="One of the caller's keys.")


@strawberry.type(description="An API key, made.")
class CreateApiKeyPayload:
    api_key: records.ApiKey | None = strawberry.field(
        default=None, graphql_type=ApiKey | None, description="What was made."
    )
    key: str | None = strawberry.field(
        default=None,
        description="Send it as `Authorization: Bearer ...`. Never shown again: null when the same "
        "request made it before.",
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="An API key with a new secret.")
class RotateApiKeyPayload:
    api_key: records.ApiKey | None = strawberry.field(
        default=None, graphql_type=ApiKey | None, description="As it is now."
    )
    key: str | None = strawberry.field(
        default=None,
        description="Send it as `Authorization: Bearer ...` from now on. Never shown again.",
    )
    user_errors: list[UserError] = no_errors()


@strawberry.type(description="The API key that a mutation was about.")
class ApiKeyPayload:
    api_key: records.ApiKey | None = strawberry.field(
        default=None, graphql_type=ApiKey | None, description="As it is now."
    )
    user_errors: list[UserError] = no_errors()


Create = Annotated[CreateApiKeyInput, strawberry.argument(description="What it is to be.")]
Rotate = Annotated[RotateApiKeyInput, strawberry.argument(description="Which, and how.")]
Revoke = Annotated[RevokeApiKeyInput, strawberry.argument(description="Which.")]


@strawberry.type
class ApiKeyMutations:
    @with_payload(
        RequiresSession(), "Make a key for a program. For signed-in people, not for keys."
    )
    async def create_api_key(self, info: Info, input: Create) -> CreateApiKeyPayload:
        context, shown = info.context, None
        for each in input.model_ids or ():
            await must_find(context, find_model, each, "modelIds")

        async def make(identifier: str) -> None:
            nonlocal shown
            budget = input.budget.record() if input.budget else records.NO_BUDGET
            with suppress(AlreadyExists):  # of a server that died before it answered
                _, shown = await context.store.accounts.create_api_key(
                    context.signed_in.id, input.name, input.scopes, input.expires_at,
                    input.model_ids, budget, key_id=identifier,
                )  # fmt: skip

        identifier = await once(info, input, ids.API_KEY, make)
        api_key = await context.store.mongo.api_keys.get(identifier)
        return CreateApiKeyPayload(api_key=api_key, key=shown)

    @with_payload(
        RequiresSession(),
        "Give one of the caller's keys a new secret. The old one is good for a while as well, so "
        "that a program can be moved to the new one without a pause.",
    )
    async def rotate_api_key(self, info: Info, input: Rotate) -> RotateApiKeyPayload:
        known = await must_find(info.context, find_api_key, input.id, "id")
        api_key, key = await info.context.store.accounts.rotate_api_key(
            known.id, timedelta(hours=input.overlap_hours), input.expires_at
        )
        return RotateApiKeyPayload(api_key=api_key, key=key)

    @with_payload(RequiresSession(), "End one of the caller's keys, at once.")
    async def revoke_api_key(self, info: Info, input: Revoke) -> ApiKeyPayload:
        known = await must_find(info.context, find_api_key, input.id, "id")
        return ApiKeyPayload(api_key=await info.context.store.accounts.revoke_api_key(known.id))
