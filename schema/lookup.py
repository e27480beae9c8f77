"""The fields `node` and `nodes`."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import strawberry

from schema.context import Info
from schema.cost import sized_by
from schema.fields import query
from schema.nodes import Node
from schema.paging import MAX_FIRST
from schema.permissions import Requires
from schema.visibility import find
from store.errors import InvalidValue
from store.records.account import Scope

Id = Annotated[strawberry.ID, strawberry.argument(description="The id of a thing of any kind.")]
Ids = Annotated[
    list[strawberry.ID], strawberry.argument(description="Ids of things of any kind, at most 100.")
]


@strawberry.type
class NodeQueries:
    @query(
        Requires(Scope.READ),
        "A thing by its id; null when there is none that the caller may see.",
        shows=Node | None,
    )
    async def node(self, info: Info, id: Id) -> Any:
        return await find(info.context, id)

    @query(
        Requires(Scope.READ),
        "Things by their ids, at most 100, each in the place of its id.",
        shows=list[Node | None],
        size=sized_by("ids"),
    )
    async def nodes(self, info: Info, ids: Ids) -> Any:
        if len(ids) > MAX_FIRST:
            raise InvalidValue(f"{len(ids)} ids are too many; send at most {MAX_FIRST}", "ids")
        return await asyncio.gather(*(find(info.context, each) for each in ids))
