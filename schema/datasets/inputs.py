"""What mutations on data sets take."""

from __future__ import annotations

from typing import Any

import strawberry

from schema.fields import expected_version, idempotency_key
from schema.scalars import BigInt, Metadata
from store.datasets.inline_rows import Row
from store.errors import InvalidValue
from store.records import dataset as records
from store.records.sequences import SequenceFilter


@strawberry.input(description="A file to be uploaded.")
class CreateUploadInput:
    filename: str = strawberry.field(description="Its name; the ending tells its format.")
    size: BigInt = strawberry.field(description="Its bytes.")
    sha256: str | None = strawberry.field(
        default=None, description="SHA-256 of its bytes in hexadecimal, checked on completion."
    )
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="An upload whose parts have all been sent.")
class CompleteUploadInput:
    upload_id: strawberry.ID = strawberry.field(description="The upload.")


@strawberry.input(description="One row, given in the request itself.")
class RowInput:
    text: str = strawberry.field(description="The text or the sequence.")
    label: str | None = strawberry.field(default=None, description="Its label.")
    split: str | None = strawberry.field(default=None, description="Such as `train` or `test`.")


@strawberry.input(description="Which columns of the file mean what; ingest proposes the others.")
class ColumnsInput:
    text: str | None = strawberry.field(default=None, description="The column of the texts.")
    label: str | None = strawberry.field(
        default=None,
        description="The column of the labels; for sequences also a rank that the headers tell, as "
        "`genus` or `species`.",
    )
    split: str | None = strawberry.field(
        default=None, description="The column that says `train` or `test`."
    )

    def record(self) -> records.Columns:
        """The columns, with no reasons: the caller needs none."""
        return records.Columns(self.text, self.label, self.split)


@strawberry.input(
    description="Which sequences of a file are taken; each that is not is told among `problems`."
)
class SequenceFilterInput:
    min_length: int | None = strawberry.field(default=None, description="Letters, at least.")
    max_length: int | None = strawberry.field(default=None, description="Letters, at most.")
    max_ambiguous: int | None = strawberry.field(
        default=None, description="N and other letters for one of several, at most."
    )
    max_expected_errors: float | None = strawberry.field(
        default=None,
        description="Sum of the error probabilities that a read's qualities tell, at most; 1 is "
        "usual.",
    )
    trim_quality: int | None = strawberry.field(
        default=None,
        description="Cut ends of qualities below this Phred score, 1 to 93, before all else.",
    )

    def record(self) -> SequenceFilter:
        """The filter; whether its numbers make sense is for the store to check."""
        return SequenceFilter(
            self.min_length, self.max_length, self.max_ambiguous, self.max_expected_errors,
            self.trim_quality,
        )  # fmt: skip


def sequence_filter() -> Any:
    """The optional field of every input that has a file read."""
    return strawberry.field(
        default=None, description="Which sequences of the file are taken; null takes all."
    )


@strawberry.input(description="Rows from an upload, or in the request itself; exactly one of both.")
class RowsSource:
    upload_id: strawberry.ID | None = strawberry.field(
        default=None, description="An upload; it is completed if it still is open."
    )
    rows: list[RowInput] | None = strawberry.field(
        default=None, description="The rows themselves, at most 1 MB of them."
    )
    columns: ColumnsInput = strawberry.field(
        default_factory=ColumnsInput, description="Which columns of an upload mean what."
    )
    format: records.DataFormat | None = strawberry.field(
        default=None, description="Format of an upload; null recognises it."
    )
    encoding: str | None = strawberry.field(
        default=None, description="Encoding of an upload, such as `cp1251`; null recognises it."
    )
    delimiter: str | None = strawberry.field(
        default=None, description="What separates an upload's values; null recognises it."
    )
    sequence_filter: SequenceFilterInput | None = sequence_filter()

    def reading(self) -> records.Reading:
        """How an upload is to be read."""
        wanted = self.sequence_filter.record() if self.sequence_filter else None
        return records.Reading(self.format, self.encoding, self.delimiter, wanted)

    def inline(self) -> list[Row] | None:
        """The rows, or None for an upload; raises InvalidValue unless exactly one is given."""
        if (self.upload_id is None) == (self.rows is None):
            raise InvalidValue("give either `uploadId` or `rows`", "rows")
        if self.rows is None:
            return None
        return [Row(row.text, row.label, row.split) for row in self.rows]


@strawberry.input(description="A new data set, out of an upload or out of rows.")
class CreateDatasetInput(RowsSource):
    name: str = strawberry.field(description="What to call it.")
    description: str = strawberry.field(default="", description="What it is about.")
    kind: records.DataKind | None = strawberry.field(
        default=None, description="What the rows are; null decides by the format."
    )
    metadata: Metadata | None = strawberry.field(default=None, description="The caller's notes.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="More rows for a data set; they make its next version.")
class AppendToDatasetInput(RowsSource):
    dataset_id: strawberry.ID = strawberry.field(description="The data set.")
    idempotency_key: str | None = idempotency_key()


@strawberry.input(description="A version whose file is to be read again, into a new version.")
class RereadDatasetInput:
    version_id: strawberry.ID = strawberry.field(
        description="A rejected version, or the newest that is READY, whose place it takes."
    )
    format: records.DataFormat | None = strawberry.field(
        default=None, description="The file's format; null recognises it."
    )
    encoding: str | None = strawberry.field(
        default=None, description="Its encoding, such as `cp1251`; null recognises it."
    )
    delimiter: str | None = strawberry.field(
        default=None, description="What separates its values; null recognises it."
    )
    sequence_filter: SequenceFilterInput | None = sequence_filter()
    columns: ColumnsInput = strawberry.field(
        default_factory=ColumnsInput, description="Which columns mean what."
    )
    idempotency_key: str | None = idempotency_key()

    def reading(self) -> records.Reading:
        """How the file is to be read this time."""
        wanted = self.sequence_filter.record() if self.sequence_filter else None
        return records.Reading(self.format, self.encoding, self.delimiter, wanted)


@strawberry.input(description="Changes of a data set; what is left out stays.")
class UpdateDatasetInput:
    id: strawberry.ID = strawberry.field(description="The data set.")
    name: str | None = strawberry.field(default=None, description="Its new name.")
    description: str | None = strawberry.field(default=None, description="Its new description.")
    expected_version: int | None = expected_version()
