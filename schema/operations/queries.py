"""Finding bulk operations again."""

from __future__ import annotations

from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.fields import query
from schema.operations.types import BulkOperation
from schema.paging import After, Connection, First, Listing, list_page, matching
from schema.permissions import Requires
from schema.visibility import owned_by
from store.records import operation as records
from store.records.account import Scope


@strawberry.input(description="Which bulk operations to list; what is left out does not matter.")
class BulkOperationFilter:
    type: records.OperationType | None = strawberry.field(default=None, description="Of this type.")
    status: records.OperationStatus | None = strawberry.field(default=None, description="That far.")
    owner_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this user; others' are seen by admins only."
    )

    def where(self) -> dict[str, Any]:
        """The filter in MongoDB's words."""
        return matching(type=self.type, status=self.status, owner_id=self.owner_id)


Filter = Annotated[
    BulkOperationFilter | None, strawberry.argument(description="Lists only some of them.")
]


@strawberry.type
class OperationQueries:
    @query(
        Requires(Scope.READ),
        "The caller's bulk operations, newest first; everybody's for an admin.",
        shows=Connection[BulkOperation],
    )
    async def bulk_operations(
        self, info: Info, filter: Filter = None, first: First = 20, after: After = None
    ) -> Listing[records.BulkOperation]:
        context = info.context
        where = owned_by(context.signed_in)
        where = {"$and": [where, filter.where()]} if filter else where
        return await list_page(
            info, context.store.mongo.bulk_operations, where,
            name="bulkOperations", first=first, after=after,
        )  # fmt: skip
