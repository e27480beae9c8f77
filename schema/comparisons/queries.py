"""Reading comparisons."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.comparisons.types import Comparison
from schema.context import Info
from schema.fields import query
from schema.permissions import Requires
from schema.visibility import find_comparison
from store.records import comparison as records
from store.records.account import Scope

Id = Annotated[strawberry.ID, strawberry.argument(description="The comparison's id.")]


@strawberry.type
class ComparisonQueries:
    @query(
        Requires(Scope.READ),
        "One comparison; null if there is none, or none that the caller asked for.",
        shows=Comparison | None,
    )
    async def comparison(self, info: Info, id: Id) -> records.Comparison | None:
        return await find_comparison(info.context, id)
