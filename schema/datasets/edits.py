"""Rows relabelled, reworded and dropped, as the next version of a data set."""

from __future__ import annotations

import strawberry

from schema.fields import dry_run, idempotency_key
from store.errors import InvalidValue
from store.records import dataset as records
from store.records import edit


@strawberry.type(description="What the edits of a version came to, in rows.")
class EditCounts:
    relabelled: int = strawberry.field(description="They got another label.")
    reworded: int = strawberry.field(description="They got another text.")
    dropped: int = strawberry.field(description="They are gone.")
    unchanged: int = strawberry.field(description="They had that label and that text before.")
    missing: int = strawberry.field(
        description="They were gone before; only fixes of findings pass over such rows."
    )


@strawberry.type(description="Why and how a version was made out of its base.")
class VersionEdits:
    note: str = strawberry.field(description="What its maker says of it.")
    counts: edit.EditCounts | None = strawberry.field(
        graphql_type=EditCounts | None, description="What it came to; null until it is ready."
    )


@strawberry.input(description="What becomes of one row; what is left out stays.")
class RowEditInput:
    row: int = strawberry.field(description="The row's number.")
    label: str | None = strawberry.field(
        default=None, description="Its new label; empty takes its label away."
    )
    text: str | None = strawberry.field(default=None, description="Its new text.")
    drop: bool = strawberry.field(default=False, description="True drops the row.")

    def record(self) -> edit.RowEdit:
        """The edit as the store has it."""
        return edit.RowEdit(self.row, self.label, self.text, self.drop)


@strawberry.input(description="Edits of rows; they make the data set's next version.")
class EditDatasetInput:
    dataset_version_id: strawberry.ID = strawberry.field(
        description="The newest version that is READY, so that nobody's work is overwritten unseen."
    )
    edits: list[RowEditInput] | None = strawberry.field(
        default=None, description="The edits, at most 10,000; or else `uploadId`."
    )
    upload_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="An upload that lists them: CSV or JSON lines with the columns `row`, `label`, "
        "`text` and `drop`.",
    )
    format: records.DataFormat | None = strawberry.field(
        default=None, description="Format of the upload; null recognises it."
    )
    note: str = strawberry.field(
        default="", description="Why, for whoever looks at the version later."
    )
    dry_run: bool = dry_run()
    idempotency_key: str | None = idempotency_key()

    def listed(self) -> list[edit.RowEdit] | None:
        """The edits, or None for an upload; raises InvalidValue unless exactly one is given."""
        if (self.upload_id is None) == (self.edits is None):
            raise InvalidValue("give either `edits` or `uploadId`", "edits")
        return None if self.edits is None else [each.record() for each in self.edits]
