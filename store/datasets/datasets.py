"""Data sets: made from an upload or from rows, grown version by version, read by ingest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple

from store import naming
from store.clock import now
from store.datasets import edits as editing
from store.datasets.drafts import ingest_job, kind_of, new_dataset, new_version
from store.datasets.encodings import checked
from store.datasets.inline_rows import Row, columns_of, encode
from store.datasets.uploads import Uploads
from store.errors import Conflict, IllegalMove
from store.events import Events
from store.jobs import Jobs
from store.live import Live
from store.mongo import Collections
from store.objects import ObjectStore, keys
from store.records.dataset import (
    Columns,
    DataFormat,
    DataKind,
    Dataset,
    DatasetVersion,
    Problem,
    Reading,
    SourceFile,
    VersionStatus,
)
from store.records.edit import Edits, RowEdit
from store.records.event import Event, EventKind, Topic
from store.records.job import Job
from store.records.quality import FindingStatus
from store.settings import Settings
from store.training.estimates import Estimates


class Made(NamedTuple):
    """A new version, the data set that it belongs to, and the job that reads it."""

    dataset: Dataset
    version: DatasetVersion
    job: Job


class Datasets:
    """Who may see or change a data set is for callers to check; uploads check their owner."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, objects: ObjectStore, events: Events,
        jobs: Jobs, uploads: Uploads, estimates: Estimates,
    ) -> None:  # fmt: skip
        self._settings = settings
        self._mongo = mongo
        self._objects = objects
        self._events = events
        self._jobs = jobs
        self._uploads = uploads
        self._live = Live(mongo)
        self._estimates = estimates

    # -- new data sets ----------------------------------------------------------------------------

    async def create_from_upload(
        self, owner_id: str, name: str, *, upload_id: str, description: str = "",
        kind: DataKind | None = None, columns: Columns | None = None,
        reading: Reading | None = None, metadata: Mapping[str, str] | None = None,
        version_id: str | None = None,
    ) -> Made:  # fmt: skip
        """Completes the upload where it is open; `version_id` is of its first version.

        Asked again with that id, it goes on with what is there. Raises InvalidValue, and what
        completing the upload raises.
        """
        dataset = new_dataset(owner_id, name, description, metadata)
        source = await self._uploaded(upload_id, owner_id, reading)
        dataset = replace(dataset, kind=kind or kind_of(source.filename, source.format))
        return await self._create(dataset, source, columns or Columns(), version_id)

    async def create_from_rows(
        self, owner_id: str, name: str, *, rows: Sequence[Row], description: str = "",
        kind: DataKind | None = None, metadata: Mapping[str, str] | None = None,
        version_id: str | None = None,
    ) -> Made:  # fmt: skip
        """As `create_from_upload`; `max_inline_bytes` of rows at most."""
        dataset = new_dataset(owner_id, name, description, metadata)
        dataset = replace(dataset, kind=kind or DataKind.TEXT)
        source = await self._written(dataset.id, rows)
        return await self._create(dataset, source, columns_of(rows), version_id)

    # -- more rows --------------------------------------------------------------------------------

    async def append_upload(
        self, dataset_id: str, by: str, *, upload_id: str, columns: Columns | None = None,
        reading: Reading | None = None, version_id: str | None = None,
    ) -> Made:  # fmt: skip
        """The next version: the rows so far and those of `by`'s upload.

        Asked again with the id of that version, it goes on with what is there. Raises NotFound,
        IllegalMove while a version is being read, Conflict when another one is made at the same
        moment, and what completing the upload raises.
        """
        dataset = await self._live.dataset(dataset_id)
        if begun := await self._begun(dataset, version_id):
            return begun
        base_id = await self._base_of(dataset)
        source = await self._uploaded(upload_id, by, reading)
        return await self._append(dataset, base_id, source, columns, id=version_id)

    async def append_rows(
        self, dataset_id: str, *, rows: Sequence[Row], version_id: str | None = None
    ) -> Made:
        """As `append_upload`; raises InvalidValue for more than `max_inline_bytes` of rows."""
        dataset = await self._live.dataset(dataset_id)
        if begun := await self._begun(dataset, version_id):
            return begun
        base_id = await self._base_of(dataset)
        source = await self._written(dataset.id, rows)
        return await self._append(dataset, base_id, source, columns_of(rows), id=version_id)

    # -- other rows -------------------------------------------------------------------------------

    async def edit(
        self, base_id: str, by: str, *, edits: Sequence[RowEdit] | None = None,
        upload_id: str | None = None, reading: Reading | None = None, note: str = "",
        is_lenient: bool = False, version_id: str | None = None,
    ) -> Made:  # fmt: skip
        """The next version: the base with these rows relabelled, reworded or dropped.

        The list is given, or in `by`'s upload. The base must be the newest version that is ready:
        whoever edits has seen all there is. Asked again with the id of the version that is made, it
        goes on with what is there. Raises as `append_upload`, and InvalidValue for a bad edit.
        """
        base = await self._live.dataset_version(base_id)
        dataset = await self._live.dataset(base.dataset_id)
        if begun := await self._begun(dataset, version_id):
            return begun
        asked = Edits(editing.note(note), is_lenient)
        await self.must_be_newest(base)
        if edits is None:
            source = await self._uploaded(upload_id or "", by, reading)
        else:
            source = await self._listed(base, edits)
        return await self._append(
            dataset, base.id, source, base.columns, id=version_id, edits=asked
        )

    async def must_be_newest(self, version: DatasetVersion) -> None:
        """Raises IllegalMove unless it is what the next version is made of."""
        if (await self.newest_ready(version.dataset_id)).id != version.id:
            raise IllegalMove(f"version {version.number} is not the newest that is ready")

    async def newest_ready(self, dataset_id: str) -> DatasetVersion:
        """What the next version is made of. Raises NotFound, IllegalMove while one is being read,
        or when none is ready.
        """
        dataset = await self._live.dataset(dataset_id)
        base_id = await self._base_of(dataset)
        if base_id is None:
            raise IllegalMove(f"no version of {dataset.name} is ready")
        return await self._mongo.dataset_versions.get(base_id)

    # -- the same file once more ------------------------------------------------------------------

    async def reread(
        self, version_id: str, reading: Reading, columns: Columns | None = None, *,
        new_id: str | None = None, job_id: str | None = None,
    ) -> Made:  # fmt: skip
        """The next version, out of the file of one that is rejected, or in the newest one's place.

        Asked again with its id, it goes on with what is there. Raises NotFound, InvalidValue, and
        IllegalMove while a version is being read or when rows were appended to that one.
        """
        version = await self._live.dataset_version(version_id)
        dataset = await self._live.dataset(version.dataset_id)
        if begun := await self._begun(dataset, new_id):
            return begun
        base_id = await self._base_of(dataset)
        if version.edits is not None:
            raise IllegalMove(f"version {version.number} was made by edits, not out of a file")
        if version.status is VersionStatus.READY:
            if version.id != base_id:
                raise IllegalMove(f"version {version.number} is not the newest that is ready")
            base_id = version.base_id
        source = version.source.to_be_read(checked(reading))
        more = {"id": new_id, "job_id": job_id, "retry_of": version.job_id}
        return await self._append(dataset, base_id, source, columns, **more)

    async def read_again(self, ended: Job, job_id: str) -> Job:
        """Job `job_id` reads the version that the `ended` one was to read, in the same way.

        Raises NotFound, and IllegalMove when the version is final, another job reads it by now, or
        later ones were made without it.
        """
        version = await self._live.dataset_version(ended.dataset_version_id)
        dataset = await self._live.dataset(version.dataset_id)
        if version.number < dataset.version_count:
            raise IllegalMove("later versions were made without it; read its file as a new version")
        version = await self._mongo.dataset_versions.amend(
            version.id, lambda known: known.asked_again(ended.id, job_id)
        )
        return (await self._read(dataset, version)).job

    async def rename(
        self, dataset_id: str, name: str | None, description: str | None, *,
        expected_revision: int | None = None,
    ) -> Dataset:  # fmt: skip
        """What is None stays. Raises NotFound, InvalidValue, Conflict."""
        name = None if name is None else naming.title(name)
        description = None if description is None else naming.description(description)
        at = now()
        dataset = await self._mongo.datasets.amend(
            dataset_id,
            lambda known: known.renamed(name, description, at),
            expected_revision=expected_revision,
        )
        await self._tell(EventKind.DATASET_CHANGED, dataset, f"is now called {dataset.name}")
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
        if version.edits is not None:
            await self._mongo.findings.move({"fixed_in": version.id}, FindingStatus.OPEN)
        await self._tell_of(EventKind.VERSION_REJECTED, version, version.ended_at, what)
        return version

    # -- how --------------------------------------------------------------------------------------

    async def _uploaded(self, upload_id: str, owner_id: str, reading: Reading | None) -> SourceFile:
        chosen = checked(reading or Reading())
        upload = await self._uploads.complete(upload_id, owner_id)
        source = SourceFile(upload.object_key, upload.filename, upload.size, upload.sha256 or "")
        return source.to_be_read(chosen)

    async def _written(self, dataset_id: str, rows: Sequence[Row]) -> SourceFile:
        data = encode(rows, self._settings.max_inline_bytes)
        digest = sha256(data).hexdigest()
        key = keys.inline_rows(dataset_id, digest)
        await self._objects.put_bytes(key, data)
        return SourceFile(key, "rows.jsonl", len(data), digest, DataFormat.JSONL)

    async def _listed(self, base: DatasetVersion, edits: Sequence[RowEdit]) -> SourceFile:
        data = editing.encode(
            editing.checked(edits, base.next_row), self._settings.max_inline_bytes
        )
        digest = sha256(data).hexdigest()
        key = keys.inline_rows(base.dataset_id, digest)
        await self._objects.put_bytes(key, data)
        return SourceFile(key, "edits.jsonl", len(data), digest, DataFormat.JSONL)

    async def _base_of(self, dataset: Dataset) -> str | None:
        """The version that the next one appends to: the newest that is ready.

        Raises IllegalMove while a version is being read.
        """
        for number in range(dataset.version_count, 0, -1):
            found = await self._mongo.dataset_versions.find_by(dataset_id=dataset.id, number=number)
            if found is None or found.status is VersionStatus.READY:
                return found.id if found else None
            if found.status is VersionStatus.UPLOADED:
                # its maker may not have come as far as its job, or have died before
                job = await self._jobs.submit(ingest_job(found))
                if not job.status.is_terminal:
                    raise IllegalMove(f"version {number} is still being read; try again then")
        return None

    async def _create(
        self, dataset: Dataset, source: SourceFile, columns: Columns, version_id: str | None
    ) -> Made:
        """The version comes first: by its id, whoever asks again finds the data set's."""
        version = new_version(dataset, 1, None, source, columns, id=version_id)
        if not await self._mongo.dataset_versions.insert_many_ignoring_known([version]):
            version = await self._mongo.dataset_versions.get(version.id)
            dataset = replace(dataset, id=version.dataset_id, created_at=version.created_at)
        await self._mongo.datasets.insert_many_ignoring_known([dataset])
        what = f"{dataset.name} was created"
        await self._tell(EventKind.DATASET_CREATED, dataset, what, version.created_at)
        return await self._read(dataset, version)

    async def _append(
        self, dataset: Dataset, base_id: str | None, source: SourceFile, columns: Columns | None,
        **more: Any,
    ) -> Made:  # fmt: skip
        """`more` is what `new_version` takes."""
        number = dataset.version_count + 1
        version = new_version(dataset, number, base_id, source, columns or Columns(), **more)
        is_first = await self._mongo.dataset_versions.insert_many_ignoring_known([version])
        # told also for another's version: who made that one may have died before telling
        dataset = await self._mongo.datasets.amend(
            dataset.id, lambda known: known.versioned(number, now())
        )
        if not is_first:
            raise Conflict(f"version {number} is being made by somebody else; try again")
        return await self._read(dataset, version)

    async def _begun(self, dataset: Dataset, version_id: str | None) -> Made | None:
        """What an earlier request for that version left."""
        version = await self._mongo.dataset_versions.find(version_id or "")
        return await self._read(dataset, version) if version else None

    async def _read(self, dataset: Dataset, version: DatasetVersion) -> Made:
        what = "is being read"
        await self._tell_of(EventKind.VERSION_CREATED, version, version.created_at, what)
        is_file = version.edits is None
        estimate = await self._estimates.ingest(version) if is_file else None
        job = replace(ingest_job(version), estimate=estimate)
        return Made(dataset, version, await self._jobs.submit(job))

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
