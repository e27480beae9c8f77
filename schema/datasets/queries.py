"""Reading data sets."""

from __future__ import annotations

import re
from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.datasets.types import Dataset
from schema.fields import query
from schema.paging import After, Connection, First, Listing, list_page, matching
from schema.permissions import Requires
from schema.visibility import datasets_for, find_dataset
from store.records import dataset as records
from store.records.account import Scope


@strawberry.input(description="Which data sets to list; what is left out does not matter.")
class DatasetFilter:
    kind: records.DataKind | None = strawberry.field(default=None, description="Of this kind.")
    name: str | None = strawberry.field(default=None, description="With exactly this name.")
    name_contains: str | None = strawberry.field(
        default=None, description="With this in its name, in upper or lower case."
    )
    owner_id: strawberry.ID | None = strawberry.field(
        default=None, description="Of this user; others' are seen by admins only."
    )

    def where(self) -> dict[str, Any]:
        """The filter in MongoDB's words."""
        where = matching(kind=self.kind, name=self.name, owner_id=self.owner_id)
        if self.name_contains:
            part = {"name": {"$regex": re.escape(self.name_contains), "$options": "i"}}
            where["$and"] = [part]  # beside `name`, which may be asked for as well
        return where


Filter = Annotated[
    DatasetFilter | None, strawberry.argument(description="Lists only some of them.")
]
Id = Annotated[strawberry.ID, strawberry.argument(description="The data set's id.")]


@strawberry.type
class DatasetQueries:
    @query(
        Requires(Scope.READ),
        "The caller's data sets, newest first; everybody's for an admin.",
        shows=Connection[Dataset],
    )
    async def datasets(
        self, info: Info, filter: Filter = None, first: First = 20, after: After = None
    ) -> Listing[records.Dataset]:
        where = (filter.where() if filter else {}) | datasets_for(info.context.signed_in)
        return await list_page(
            info, info.context.store.mongo.datasets, where,
            name="datasets", first=first, after=after,
        )  # fmt: skip

    @query(
        Requires(Scope.READ),
        "A data set by its id; null when there is none that the caller may see.",
        shows=Dataset | None,
    )
    async def dataset(self, info: Info, id: Id) -> records.Dataset | None:
        return await find_dataset(info.context, id)
