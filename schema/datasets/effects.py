"""What edits of rows would change."""

from __future__ import annotations

from collections.abc import Sequence

import strawberry

from schema.context import Context
from schema.datasets.edits import EditCounts
from store.datasets.edits import checked
from store.errors import InvalidValue
from store.records import edit
from store.records.dataset import DatasetVersion


@strawberry.type(description="What edits make of a version's rows. All earlier versions stay.")
class RowsEffect:
    rows_before: int = strawberry.field(description="Rows of the version that is edited.")
    rows_after: int = strawberry.field(description="Rows of the version that is made.")
    counts: edit.EditCounts = strawberry.field(
        graphql_type=EditCounts, description="What becomes of the rows that are edited."
    )


async def rows_effect(
    context: Context, base: DatasetVersion, edits: Sequence[edit.RowEdit] | None
) -> RowsEffect:
    """Told by the rows themselves. Raises InvalidValue for an upload or a faulty edit."""
    if edits is None:
        raise InvalidValue("a dry run takes the edits in the request, not as an upload", "uploadId")
    counts = await context.store.rows.edited(base, checked(edits, base.next_row))
    return RowsEffect(rows_before=base.rows, rows_after=base.rows - counts.dropped, counts=counts)
