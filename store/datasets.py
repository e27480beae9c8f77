"""Data sets: made from an upload or from rows, grown version by version, read by ingest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from store import naming
from store.clock import now
from store.drafts import ingest_job, kind_of, new_dataset, new_version
from store.errors import Conflict, IllegalMove
from store.events import Events
from store.inline_rows import Row, columns_of, encode
from store.jobs import Jobs
from store.mongo import Collections
from store.objects import ObjectStore, keys
from store.records.dataset import (
    Columns,
    DataFormat,
    DataKind,
    Dataset,
    DatasetVersion,
    Problem,
    SourceFile,
    VersionStatus,
)
from store.records.event import Event, EventKind, Topic
from store.records.job import Job
from store.settings import Settings
from store.uploads import Uploads


class Made(NamedTuple):
    """A new version, the data set that it belongs to, and the job that reads it."""

    dataset: Dataset
    version: DatasetVersion
    job: Job


class Datasets:
    """Who may see or change a data set is for callers to check; uploads check their owner."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, objects: ObjectStore, events: Events,
        jobs: Jobs, uploads: Uploads,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._mongo = mongo
        self._objects = objects
        self._events = events
        self._jobs = jobs
        self._uploads = uploads

    # -- new data sets ----------------------------------------------------------------------------

    async def create_from_upload(
        self, owner_id: str, name: str, *, upload_id: str, description: str = "",
        kind: DataKind | None = None, columns: Columns | None = None,
        format: DataFormat | None = None, metadata: Mapping[str, str] | None = None,
    ) -> Made:  # fmt: skip
        """Completes the upload where it is open. Raises InvalidValue, and what that raises."""
        dataset = new_dataset(owner_id, name, description, metadata)
        source = await self._uploaded(upload_id, owner_id, format)
        dataset = replace(dataset, kind=kind or kind_of(source.filename, format))
        return await self._create(dataset, source, columns or Columns())

    async def create_from_rows(
        self, owner_id: str, name: str, *, rows: Sequence[Row], description: str = "",
        kind: DataKind | None = None, metadata: Mapping[str, str] | None = None,
    ) -> Made:  # fmt: skip
        """Raises InvalidValue, also for more than `max_inline_bytes` of rows."""
        dataset = new_dataset(owner_id, name, description, metadata)
        dataset = replace(dataset, kind=kind or DataKind.TEXT)
        source = await self._written(dataset.id, rows)
        return await self._create(dataset, source, columns_of(rows))

    # -- more rows --------------------------------------------------------------------------------

    async def append_upload(
        self, dataset_id: str, by: str, *, upload_id: str, columns: Columns | None = None,
        format: DataFormat | None = None,
    ) -> Made:  # fmt: skip
        """The next version: the rows so far and those of `by`'s upload.

        Raises NotFound, IllegalMove while a version is being read, Conflict when another one is
        made at the same moment, and what completing the upload raises.
        """
        dataset = await self._mongo.datasets.get(dataset_id)
        base_id = await self._base_of(dataset)
        source = await self._uploaded(upload_id, by, format)
        return await self._append(dataset, base_id, source, columns or Columns())

    async def append_rows(self, dataset_id: str, *, rows: Sequence[Row]) -> Made:
        """As `append_upload`; raises InvalidValue for more than `max_inline_bytes` of rows."""
        dataset = await self._mongo.datasets.get(dataset_id)
        base_id = await self._base_of(dataset)
        source = await self._written(dataset.id, rows)
        return await self._append(dataset, base_id, source, columns_of(rows))

    async def rename(
        self, dataset_id: str, name: str, description: str, *, expected_revision: int | None = None
    ) -> Dataset:
        """Raises NotFound, InvalidValue, Conflict."""
        name, description, at = naming.title(name), naming.description(description), now()
        dataset = await self._mongo.datasets.amend(
            dataset_id,
            lambda known: known.renamed(name, description, at),
            expected_revision=expected_revision,
        )
        await self._tell(EventKind.DATASET_CHANGED, dataset, f"is now called {name}")
        return dataset

    # -- what ingest found ------------------------------------------------------------------------

    async def version_ready(self, version_id: str, **found: Any) -> DatasetVersion:
        """`found` is what `DatasetVersion.ready` takes; a second attempt's is dropped.

        Raises NotFound, and IllegalMove for a version that was rejected.
        """

        def move(version: DatasetVersion) -> DatasetVersion:
            is_known = version.status is VersionStatus.READY
            return version if is_known else version.ready(now(), **found)

        version = await self._mongo.dataset_versions.amend(version_id, move)
        what = f"has {version.rows} rows"
        await self._tell_of(EventKind.VERSION_READY, version, version.ended_at, what)
        return version

    async def version_rejected(
        self, version_id: str, problems: tuple[Problem, ...], problem_count: int
    ) -> DatasetVersion:
        """Raises NotFound, and IllegalMove for a version that is ready."""

        def move(version: DatasetVersion) -> DatasetVersion:
            is_known = version.status is VersionStatus.REJECTED
            return version if is_known else version.rejected(now(), problems, problem_count)

        version = await self._mongo.dataset_versions.amend(version_id, move)
        why = version.problems[0].reason if version.problems else "it cannot be read"
        what = f"was rejected: {why}"
        await self._tell_of(EventKind.VERSION_REJECTED, version, version.ended_at, what)
        return version

    # -- how --------------------------------------------------------------------------------------

    async def _uploaded(
        self, upload_id: str, owner_id: str, format: DataFormat | None
    ) -> SourceFile:
        upload = await self._uploads.complete(upload_id, owner_id)
        return SourceFile(
            object_key=upload.object_key, filename=upload.filename, bytes=upload.size,
            sha256=upload.sha256 or "", format=format,
        )  # fmt: skip

    async def _written(self, dataset_id: str, rows: Sequence[Row]) -> SourceFile:
        data = encode(rows, self._settings.max_inline_bytes)
        digest = sha256(data).hexdigest()
        key = keys.inline_rows(dataset_id, digest)
        await self._objects.put_bytes(key, data)
        return SourceFile(key, "rows.jsonl", len(data), digest, DataFormat.JSONL)

    async def _base_of(self, dataset: Dataset) -> str | None:
        """The version that the next one appends to."""
        latest = await self._mongo.dataset_versions.find_by(
            dataset_id=dataset.id, number=dataset.version_count
        )
        if latest is None or latest.status is VersionStatus.READY:
            return latest.id if latest else None
        if latest.status is VersionStatus.UPLOADED:
            # its maker may not have come as far as its job, or have died before
            job = await self._jobs.submit(ingest_job(latest))
            if not job.status.is_terminal:
                raise IllegalMove(f"version {latest.number} is still being read; append to it then")
        return latest.base_id

    async def _create(self, dataset: Dataset, source: SourceFile, columns: Columns) -> Made:
        version = new_version(dataset, 1, None, source, columns)
        await self._mongo.datasets.insert(dataset)
        await self._mongo.dataset_versions.insert(version)
        await self._tell(EventKind.DATASET_CREATED, dataset, f"{dataset.name} was created")
        return await self._read(dataset, version)

    async def _append(
        self, dataset: Dataset, base_id: str | None, source: SourceFile, columns: Columns
    ) -> Made:
        number = dataset.version_count + 1
        version = new_version(dataset, number, base_id, source, columns)
        is_first = await self._mongo.dataset_versions.insert_many_ignoring_known([version])
        # told also for another's version: who made that one may have died before telling
        dataset = await self._mongo.datasets.amend(
            dataset.id, lambda known: known.versioned(number, now())
        )
        if not is_first:
            raise Conflict(f"version {number} is being made by somebody else; try again")
        return await self._read(dataset, version)

    async def _read(self, dataset: Dataset, version: DatasetVersion) -> Made:
        what = "is being read"
        await self._tell_of(EventKind.VERSION_CREATED, version, version.created_at, what)
        return Made(dataset, version, await self._jobs.submit(ingest_job(version)))

    async def _tell_of(
        self, kind: EventKind, version: DatasetVersion, at: datetime | None, what: str
    ) -> None:
        """Say it once, however often: the time is the record's."""
        dataset = await self._mongo.datasets.get(version.dataset_id)
        message = f"version {version.number} {what}"
        await self._tell(kind, dataset, message, at, dataset_version=version.id)

    async def _tell(
        self, kind: EventKind, dataset: Dataset, message: str, at: datetime | None = None,
        **related: str,
    ) -> None:  # fmt: skip
        subject, owner = dataset.id, dataset.owner_id
        event = Event(Topic.DATASET, kind, subject, owner, at or now(), message, related=related)
        await self._events.append_if_missing(event)
