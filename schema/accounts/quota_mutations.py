"""Choosing what a user may have and do at most."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.accounts.quotas import Quota
from schema.context import Info
from schema.errors import UserError
from schema.fields import no_errors, with_payload
from schema.permissions import Requires
from schema.scalars import BigInt
from schema.seen import saw
from schema.visibility import find_user, must_find
from store.records import quota as records
from store.records.account import Scope


@strawberry.input(description="Whose quota, and how much.")
class SetQuotaInput:
    user_id: strawberry.ID = strawberry.field(description="The user.")
    kind: records.QuotaKind = strawberry.field(description="Of what.")
    limit: BigInt | None = strawberry.field(
        default=None, description="How much at most; null for what every user gets."
    )


@strawberry.type(description="A quota, chosen.")
class SetQuotaPayload:
    quota: records.Quota | None = strawberry.field(
        default=None, graphql_type=Quota | None, description="As it is now."
    )
    user_errors: list[UserError] = no_errors()


Choice = Annotated[SetQuotaInput, strawberry.argument(description="The quota.")]


@strawberry.type
class QuotaMutations:
    @with_payload(
        Requires(Scope.ADMIN),
        "Choose how much a user may have or do. What they have already stays. For admins.",
    )
    async def set_quota(self, info: Info, input: Choice) -> SetQuotaPayload:
        quotas = info.context.store.quotas
        saw(await quotas.one(input.user_id, input.kind))
        user = await must_find(info.context, find_user, input.user_id, "userId")
        return SetQuotaPayload(quota=await quotas.limit(user.id, input.kind, input.limit))
