"""What `predictInBulk` takes."""

from __future__ import annotations

import strawberry

from schema.datasets.inputs import ColumnsInput
from schema.fields import idempotency_key
from schema.inference.queries import MAX_NEIGHBOURS, MAX_TOP_K
from store.datasets.encodings import checked
from store.errors import InvalidValue
from store.records.bulk import BulkSpec, ResultFormat
from store.records.dataset import DataFormat, Reading
from store.records.job import Priority

MAX_KEPT = 50


@strawberry.input(description="How an uploaded file is to be read; what is null is recognised.")
class BulkReadingInput:
    format: DataFormat | None = strawberry.field(default=None, description="Its format.")
    encoding: str | None = strawberry.field(
        default=None, description="Its encoding, such as `cp1251`."
    )
    delimiter: str | None = strawberry.field(default=None, description="What separates its values.")
    columns: ColumnsInput = strawberry.field(
        default_factory=ColumnsInput, description="Which columns mean what."
    )
    keep: list[str] = strawberry.field(
        default_factory=list,
        description="Columns that the answers carry along as text, at most 50, such as an id. One "
        "that is named like a column of the answers gets `input_` before its name.",
    )

    def check(self) -> None:
        """Raise InvalidValue for columns that cannot be carried along."""
        if len(self.keep) > MAX_KEPT or len(set(self.keep)) < len(self.keep):
            why = f"name at most {MAX_KEPT} columns to keep, each of them once"
            raise InvalidValue(why, "reading", "keep")


@strawberry.input(description="What each row of the answers holds, beside the likeliest label.")
class BulkIncludeInput:
    scores: bool = strawberry.field(
        default=True, description="The likeliest labels with their probabilities, `topK` of them."
    )
    cluster: bool = strawberry.field(
        default=True, description="The cluster that the text falls into."
    )
    neighbours: int = strawberry.field(default=0, description="Nearest training rows, 0 to 20.")


@strawberry.input(description="Rows for a model: of a data set's version, or of an uploaded file.")
class PredictInBulkInput:
    model: str = strawberry.field(
        description="The model's name or id, or the id of a version: the published one, or any of "
        "the caller's own. The version is settled now, whatever is published before the end."
    )
    dataset_version_id: strawberry.ID | None = strawberry.field(
        default=None, description="The rows; it must be READY."
    )
    upload_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="Or an upload of the caller's own; it is completed if it still is open.",
    )
    reading: BulkReadingInput = strawberry.field(
        default_factory=BulkReadingInput, description="How the upload is to be read."
    )
    format: ResultFormat = strawberry.field(
        default=ResultFormat.PARQUET, description="How the answers are written."
    )
    top_k: int = strawberry.field(default=3, description="Labels to score, 1 to 100.")
    include: BulkIncludeInput = strawberry.field(
        default_factory=BulkIncludeInput, description="What each row holds."
    )
    escape_formulas: bool = strawberry.field(
        default=True,
        description="CSV: an apostrophe before values that a spreadsheet would run as a formula. "
        "False writes every value as it is, for programs.",
    )
    priority: Priority = strawberry.field(
        default=Priority.NORMAL,
        description="Among jobs that wait, a higher one goes first; HIGH is for admins.",
    )
    idempotency_key: str | None = idempotency_key()

    def spec(self) -> BulkSpec:
        """What is asked. Raises InvalidValue for the first value outside its range."""
        if (self.upload_id is None) == (self.dataset_version_id is None):
            raise InvalidValue("give either `datasetVersionId` or `uploadId`", "uploadId")
        if self.upload_id is None and self.reading != BulkReadingInput():
            raise InvalidValue("a data set's version has been read already", "reading")
        if not 1 <= self.top_k <= MAX_TOP_K:
            raise InvalidValue(f"topK is {self.top_k}; it must be 1 to {MAX_TOP_K}", "topK")
        neighbours = self.include.neighbours
        if not 0 <= neighbours <= MAX_NEIGHBOURS:
            why = f"neighbours is {neighbours}; it must be 0 to {MAX_NEIGHBOURS}"
            raise InvalidValue(why, "include", "neighbours")
        self.reading.check()
        read = self.reading
        return BulkSpec(
            format=self.format, top_k=self.top_k, neighbours=neighbours,
            has_scores=self.include.scores, has_clusters=self.include.cluster,
            escapes_formulas=self.escape_formulas, upload_id=self.upload_id,
            reading=checked(Reading(read.format, read.encoding, read.delimiter)),
            columns=read.columns.record(), keep=tuple(read.keep),
        )  # fmt: skip
