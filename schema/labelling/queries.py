"""Reading labelling batches."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.fields import query
from schema.labelling.types import LabellingBatch
from schema.permissions import Requires
from schema.visibility import find_labelling_batch
from store.records import labelling as records
from store.records.account import Scope

Id = Annotated[strawberry.ID, strawberry.argument(description="The batch's id.")]


@strawberry.type
class LabellingQueries:
    @query(
        Requires(Scope.READ),
        "One labelling batch; null if there is none, or none that the caller may see.",
        shows=LabellingBatch | None,
    )
    async def labelling_batch(self, info: Info, id: Id) -> records.LabellingBatch | None:
        return await find_labelling_batch(info.context, id)
