"""Reading drift reports."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.drift.types import DriftReport
from schema.fields import query
from schema.permissions import Requires
from schema.visibility import find_drift_report
from store.records import drift as records
from store.records.account import Scope

Id = Annotated[strawberry.ID, strawberry.argument(description="The report's id.")]


@strawberry.type
class DriftQueries:
    @query(
        Requires(Scope.READ),
        "One drift report; null if there is none, or none that the caller may see.",
        shows=DriftReport | None,
    )
    async def drift_report(self, info: Info, id: Id) -> records.DriftReport | None:
        return await find_drift_report(info.context, id)
