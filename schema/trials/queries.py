"""Reading trials."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.fields import query
from schema.permissions import Requires
from schema.trials.types import Trial
from schema.visibility import find_trial
from store.records import trial as records
from store.records.account import Scope

Id = Annotated[strawberry.ID, strawberry.argument(description="The trial's id.")]


@strawberry.type
class TrialQueries:
    @query(
        Requires(Scope.READ),
        "A trial by its id; null when there is none that the caller may see.",
        shows=Trial | None,
    )
    async def trial(self, info: Info, id: Id) -> records.Trial | None:
        return await find_trial(info.context, id)
