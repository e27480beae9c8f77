"""Records of data sets as they are when they are new."""

from __future__ import annotations

from collections.abc import Mapping

from store import ids, naming
from store.clock import now
from store.records.dataset import (
    Columns,
    DataFormat,
    DataKind,
    Dataset,
    DatasetVersion,
    SourceFile,
)
from store.records.edit import Edits
from store.records.job import Job, JobKind, new_stages

SEQUENCE_ENDINGS = (".fasta", ".fa", ".fna", ".ffn", ".faa", ".frn", ".fastq", ".fq")
SEQUENCE_FORMATS = (DataFormat.FASTA, DataFormat.FASTQ)


def new_dataset(
    owner_id: str, name: str, description: str, metadata: Mapping[str, str] | None
) -> Dataset:
    """A data set of texts, about to get its first version. Raises InvalidValue."""
    at = now()
    return Dataset(
        id=ids.new(ids.DATASET), owner_id=owner_id, name=naming.title(name),
        description=naming.description(description), kind=DataKind.TEXT, created_at=at,
        updated_at=at, version_count=1, metadata=naming.metadata(metadata or {}),
    )  # fmt: skip


def new_version(
    dataset: Dataset, number: int, base_id: str | None, source: SourceFile, columns: Columns,
    *, id: str | None = None, job_id: str | None = None, retry_of: str | None = None,
    edits: Edits | None = None,
) -> DatasetVersion:  # fmt: skip
    """A version that waits to be read; its job has an id, but is not there yet."""
    return DatasetVersion(
        id=id or ids.new(ids.DATASET_VERSION), dataset_id=dataset.id,
        owner_id=dataset.owner_id, number=number, kind=dataset.kind, source=source,
        columns=columns, created_at=now(), base_id=base_id, job_id=job_id or ids.new(ids.JOB),
        retry_of=retry_of, edits=edits,
    )  # fmt: skip


def ingest_job(version: DatasetVersion) -> Job:
    """The job that reads `version`."""
    return Job(
        id=version.job_id or ids.new(ids.JOB), kind=JobKind.INGEST, owner_id=version.owner_id,
        dataset_id=version.dataset_id, dataset_version_id=version.id, created_at=now(),
        stages=new_stages(JobKind.INGEST), retry_of=version.retry_of,
    )  # fmt: skip


def kind_of(filename: str, format: DataFormat | None) -> DataKind:
    """Sequences for FASTA and FASTQ, by the format chosen or else by the file's ending."""
    name = filename.lower().removesuffix(".gz")
    is_sequence = format in SEQUENCE_FORMATS if format else name.endswith(SEQUENCE_ENDINGS)
    return DataKind.SEQUENCE if is_sequence else DataKind.TEXT
