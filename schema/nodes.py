"""The interface of everything with an id."""

from __future__ import annotations

from typing import Any

import strawberry

from schema.context import Info
from schema.permissions import Owned, visible
from store.records.account import User


@strawberry.interface(description="A thing with an id that is unique among all things.")
class Node:
    id: strawberry.ID = strawberry.field(description="Opaque; its prefix names the kind of thing.")


def shows(record: type) -> Any:
    """`is_type_of` of the GraphQL type that is a window on `record`."""

    def is_type_of(value: object, info: object) -> bool:
        return isinstance(value, record)

    return staticmethod(is_type_of)


async def owner_of(record: strawberry.Parent[Owned], info: Info) -> User | None:
    """The owner, for whoever may see all of the record."""
    mine = visible(info.context.signed_in, record)
    return await info.context.loaders.users.load(mine.owner_id) if mine else None
