"""What became of the rows between two versions of a data set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import strawberry

from schema.context import Info
from schema.datasets.rows import DataRow, mine, number_after
from schema.enums import show_enum
from schema.paging import After, Connection, First, Listing, check_first, cursors
from schema.visibility import find_dataset_version, must_find
from store.records import dataset as records
from store.records import rows

show_enum(
    rows.ChangeKind,
    "What became of a row from one version to another.",
    ADDED="It is in the later one alone.",
    DROPPED="It is in the earlier one alone.",
    RELABELLED="Its label differs.",
    REWORDED="Its text differs.",
)


@strawberry.type(description="A row that differs between two versions.")
class RowChange:
    row: int = strawberry.field(description="Its number in both.")
    kinds: list[rows.ChangeKind] = strawberry.field(
        description="What differs: one kind, or both of RELABELLED and REWORDED."
    )
    before: rows.VersionRow | None = strawberry.field(
        graphql_type=DataRow | None, description="As it was; null for one that was added."
    )
    after: rows.VersionRow | None = strawberry.field(
        graphql_type=DataRow | None, description="As it is; null for one that was dropped."
    )


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions, and how many rows differ."""

    since: records.DatasetVersion
    version: records.DatasetVersion
    counts: rows.ChangeCounts

    @property
    def added(self) -> int:
        return self.counts.added

    @property
    def dropped(self) -> int:
        return self.counts.dropped

    @property
    def relabelled(self) -> int:
        return self.counts.relabelled

    @property
    def reworded(self) -> int:
        return self.counts.reworded

    def of(self, kind: rows.ChangeKind | None) -> int:
        """Rows that had this change; all that differ for None."""
        each = {
            rows.ChangeKind.ADDED: self.added,
            rows.ChangeKind.DROPPED: self.dropped,
            rows.ChangeKind.RELABELLED: self.relabelled,
            rows.ChangeKind.REWORDED: self.reworded,
        }
        return self.counts.rows if kind is None else each[kind]


Kind = Annotated[
    rows.ChangeKind | None, strawberry.argument(description="Lists only changes of this kind.")
]
Since = Annotated[
    strawberry.ID,
    strawberry.argument(name="from", description="The other version, usually an earlier one."),
]


async def _changes(
    difference: strawberry.Parent[Difference],
    info: Info,
    kind: Kind = None,
    first: First = 20,
    after: After = None,
) -> Listing[rows.RowChange]:
    check_first(first)
    store = info.context.store
    places = cursors(info, f"changes:{difference.since.id}:{difference.version.id}")
    begin = number_after(places, after)
    page = await store.rows.changes(
        difference.version, difference.since, kind, first=first, after=begin
    )

    async def count() -> int:
        return difference.of(kind)

    return Listing(
        nodes=page.changes,
        after=after,
        has_next=page.has_next,
        cursor_of=lambda change: places.write(str(change.row)),
        count=count,
    )


@strawberry.type(description="What differs between two versions of one data set, row by row.")
class VersionDiff:
    added: int = strawberry.field(description="Rows that are new.")
    dropped: int = strawberry.field(description="Rows that are gone.")
    relabelled: int = strawberry.field(description="Rows with another label.")
    reworded: int = strawberry.field(description="Rows with another text.")
    changes: Listing[rows.RowChange] = strawberry.field(
        resolver=_changes,
        graphql_type=Connection[RowChange],
        description="Every row that differs, in the order of their numbers.",
    )


async def diff_of(
    version: strawberry.Parent[records.DatasetVersion], info: Info, since: Since
) -> Difference:
    """The counts at once, the rows when they are selected."""
    context = info.context
    old = await must_find(context, find_dataset_version, since, "from")
    page = await context.store.rows.changes(mine(info, version), old, first=0)
    return Difference(old, version, page.counts)
