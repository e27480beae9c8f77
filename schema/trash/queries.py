"""Looking into the trash."""

from __future__ import annotations

from datetime import datetime

import strawberry

from schema.context import Info
from schema.fields import query
from schema.paging import (
    After,
    Connection,
    First,
    Listing,
    check_first,
    cursors,
)
from schema.permissions import Requires
from schema.trash.types import TrashedThing
from schema.visibility import owned_by
from store.records.account import Scope
from store.trash import Thing, place_of


def _key(thing: Thing) -> str:
    at, identifier = place_of(thing)
    return f"{at.isoformat()} {identifier}"


@strawberry.type
class TrashQueries:
    @query(
        Requires(Scope.READ),
        "The caller's deleted data sets and models, deleted last first; everybody's for an admin.",
        shows=Connection[TrashedThing],
    )
    async def trash(self, info: Info, first: First = 20, after: After = None) -> Listing[Thing]:
        check_first(first)
        trash, places = info.context.store.trash, cursors(info, "trash")
        owned, place = owned_by(info.context.signed_in), None
        if after is not None:
            at, identifier = places.read(after).split(" ")
            place = datetime.fromisoformat(at), identifier
        page = await trash.page(owned, first, place)
        return Listing(
            nodes=page.items,
            after=after,
            has_next=page.has_next,
            cursor_of=lambda thing: places.write(_key(thing)),
            count=lambda: trash.count(owned),
        )
