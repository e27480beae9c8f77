"""The rows of a version, page by page."""

from __future__ import annotations

from typing import Annotated

import strawberry

from schema.context import Info
from schema.paging import After, Cursors, First, Listing, check_first, cursors
from schema.permissions import visible
from store.errors import NotFound
from store.records import dataset as records
from store.records import rows


@strawberry.type(description="One row of a version.")
class DataRow:
    row: int = strawberry.field(
        description="Its number. It keeps it in all later versions: dropped rows leave gaps."
    )
    text: str = strawberry.field(description="The text or the sequence, 10,000 characters at most.")
    label: str | None = strawberry.field(description="Its label, where it has one.")
    split: str | None = strawberry.field(description="Its given split, such as `train`.")
    is_cut: bool = strawberry.field(description="Whether the text is longer than what is shown.")


@strawberry.input(description="Which rows to list; what is left out does not matter.")
class RowFilter:
    label: str | None = strawberry.field(
        default=None, description="With this label; empty for rows without one."
    )
    split: str | None = strawberry.field(default=None, description="Of this given split.")
    contains: str | None = strawberry.field(
        default=None, description="With this in their text, in upper or lower case."
    )
    numbers: list[int] | None = strawberry.field(
        default=None, description="With these numbers, at most 1,000."
    )

    def record(self) -> rows.RowFilter:
        """The filter as the store has it."""
        numbers = None if self.numbers is None else tuple(self.numbers)
        return rows.RowFilter(self.label, self.split, self.contains, numbers)


Filter = Annotated[RowFilter | None, strawberry.argument(description="Lists only some of them.")]


def number_after(places: Cursors, after: str | None) -> int:
    """The row number that a cursor stands at; -1 for none."""
    return -1 if after is None else int(places.read(after))


def mine(info: Info, version: records.DatasetVersion) -> records.DatasetVersion:
    """The version, for whoever may see its rows. Raises NotFound for all others."""
    found = visible(info.context.signed_in, version)
    if found is None:
        raise NotFound(f"there is no {version.id!r}")
    return found


async def rows_of(
    version: strawberry.Parent[records.DatasetVersion],
    info: Info,
    filter: Filter = None,
    first: First = 20,
    after: After = None,
) -> Listing[rows.VersionRow]:
    """One page, in the order of their numbers."""
    check_first(first)
    store, places = info.context.store, cursors(info, f"rows:{version.id}")
    wanted = filter.record() if filter else rows.RowFilter()
    begin = number_after(places, after)
    page = await store.rows.page(mine(info, version), wanted, first=first, after=begin)
    return Listing(
        nodes=page.rows,
        after=after,
        has_next=page.has_next,
        cursor_of=lambda row: places.write(str(row.row)),
        count=lambda: store.rows.count(version, wanted),
    )
