"""Bulk predictions: what a model version is to answer, and the file of answers that it left."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from store.records.dataset import Columns, LabelCount, Problem, Reading


class ResultFormat(StrEnum):
    PARQUET = "PARQUET"
    CSV = "CSV"
    JSONL = "JSONL"

    @property
    def ending(self) -> str:
        """Of a file's name."""
        return self.value.lower()


class BulkStatus(StrEnum):
    PENDING = "PENDING"
    READY = "READY"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class BulkSpec:
    """What a bulk prediction is asked; the model version and the data set's are the job's own."""

    format: ResultFormat = ResultFormat.PARQUET
    top_k: int = 3
    neighbours: int = 0
    has_scores: bool = True
    has_clusters: bool = True
    escapes_formulas: bool = False
    """CSV: an apostrophe before what a spreadsheet would run."""
    upload_id: str | None = None
    """The file to read; None reads the job's data set version."""
    reading: Reading = field(default_factory=Reading)
    columns: Columns = field(default_factory=Columns)
    keep: tuple[str, ...] = ()
    """Columns of the file that the answers carry along as they are."""
    parts_of: str = ""
    """The job under which finished parts lie: a retry goes on from those of the first."""


@dataclass(frozen=True, slots=True)
class BulkPrediction:
    """Made with its job; READY once the file is there, EXPIRED when it was deleted for its age."""

    id: str
    job_id: str
    owner_id: str
    model_id: str
    model_version_id: str
    dataset_id: str
    """Empty for an upload."""
    dataset_version_id: str
    upload_id: str | None
    name: str
    """Of the file that is saved, without its ending."""
    format: ResultFormat
    created_at: datetime
    expires_at: datetime
    status: BulkStatus = BulkStatus.PENDING
    rows: int = 0
    """With an answer."""
    abstained: int = 0
    """Without a label that the model stands by, for whatever reason."""
    out_of_distribution: int = 0
    """Of these, unlike all that the model learnt from."""
    label_counts: tuple[LabelCount, ...] = ()
    """Of the answers; most frequent first, at most 1,000."""
    bytes: int = 0
    sha256: str | None = None
    object_key: str | None = None
    """The file of answers."""
    problems: tuple[Problem, ...] = ()
    """The first 100 of `problem_count`."""
    problem_count: int = 0
    rejected_rows: int = 0
    """Without an answer."""
    problems_key: str | None = None
    """Every problem, a JSON object a line; None where there is none."""
    ended_at: datetime | None = None
    revision: int = 0

    def ready(
        self,
        at: datetime,
        expires_at: datetime,
        *,
        rows: int,
        abstained: int,
        out_of_distribution: int,
        label_counts: tuple[LabelCount, ...],
        bytes: int,
        sha256: str,
        object_key: str,
        problems: tuple[Problem, ...],
        problem_count: int,
        rejected_rows: int,
        problems_key: str | None,
    ) -> BulkPrediction:
        """Told twice, it changes nothing: the first file is the one that counts."""
        if self.status is BulkStatus.READY:
            return self
        return replace(
            self, status=BulkStatus.READY, ended_at=at, expires_at=expires_at, rows=rows,
            abstained=abstained, out_of_distribution=out_of_distribution,
            label_counts=label_counts, bytes=bytes, sha256=sha256, object_key=object_key,
            problems=problems, problem_count=problem_count, rejected_rows=rejected_rows,
            problems_key=problems_key,
        )  # fmt: skip

    def expired(self) -> BulkPrediction:
        """Its counts stay, its files are gone."""
        return replace(self, status=BulkStatus.EXPIRED)
