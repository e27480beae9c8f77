"""How many points the caller has left."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.context import Info
from schema.fields import query
from schema.permissions import Requires
from store.records.account import Scope
from store.records.points import Left


@strawberry.type(
    description="Points that operations are paid with. They come back by themselves, some every "
    "second. A user has a bucket of them, and each API key a smaller one beside its owner's; told "
    "is of the one that holds less. `extensions.cost` of every answer has the same figures."
)
class RateLimit:
    capacity: int = strawberry.field(description="How many there can be: no operation costs more.")
    available: int = strawberry.field(
        description="How many there are, when this operation has paid what it may cost at most."
    )
    refill_per_second: int = strawberry.field(
        resolver=lambda root: root.refill_per_s, description="How many come back in a second."
    )
    full_at: datetime = strawberry.field(description="When there are as many as there can be.")


@strawberry.type
class RateLimitQueries:
    @query(
        Requires(Scope.READ),
        "How much more the caller may ask; null while that is not known.",
        shows=RateLimit | None,
        cost=1,
    )
    async def rate_limit(self, info: Info) -> Left | None:
        return await info.context.store.budget.take(info.context.signed_in, 0)
