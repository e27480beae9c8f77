"""Bulk predictions: asked for, gone on with, finished, and deleted when they are old."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

from store import ids
from store.abreast import abreast
from store.clock import now
from store.datasets.uploads import Uploads
from store.errors import IllegalMove, InvalidValue
from store.jobs import Jobs
from store.limits.quotas import Quotas
from store.live import Live
from store.mongo import Collections
from store.objects import ObjectStore, keys
from store.records.bulk import BulkPrediction, BulkSpec, BulkStatus
from store.records.dataset import DatasetVersion, VersionStatus
from store.records.job import Job, JobKind, Priority, new_stages
from store.records.model import ModelVersion
from store.settings import Settings
from store.training.estimates import Estimates

RECIPE = 1
"""Grows whenever a part would hold other columns for the same request than before."""
MAX_NAME = 80
STRANGE = re.compile(r"[^\w.-]+")


class Bulk:
    """Who may see a model or a data set is for callers to check; uploads check their owner."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, objects: ObjectStore, jobs: Jobs,
        uploads: Uploads, estimates: Estimates, quotas: Quotas,
    ) -> None:  # fmt: skip
        self._keep = timedelta(seconds=settings.bulk_ttl_s)
        self._mongo = mongo
        self._objects = objects
        self._jobs = jobs
        self._uploads = uploads
        self._estimates = estimates
        self._quotas = quotas
        self._live = Live(mongo)

    async def start(
        self, owner_id: str, version_id: str, spec: BulkSpec, *,
        dataset_version_id: str | None = None, job_id: str | None = None,
        priority: Priority = Priority.NORMAL, retry_of: str | None = None,
    ) -> Job:  # fmt: skip
        """A job that answers every row of the data set version, or of the upload, with a version.

        Asked again with its id, it goes on with what is there. Raises NotFound, InvalidValue for
        rows of another kind than the model reads, IllegalMove for a version that is not READY, and
        what completing the upload raises; QuotaExceeded for more rows than may be answered today.
        """
        version = await self._live.model_version(version_id)
        rows, name, estimate = None, "", None
        if dataset_version_id is not None:
            rows = await self._readable(dataset_version_id, version)
            name = (await self._live.dataset(rows.dataset_id)).name
            estimate = await self._estimates.bulk(rows.rows, version.spec)
        else:
            name = (await self._uploads.complete(spec.upload_id or "", owner_id)).filename
        job = _job(owner_id, version, spec, rows, job_id or ids.new(ids.JOB))
        job = replace(job, estimate=estimate, priority=priority, retry_of=retry_of)
        if rows is not None:
            await self.count(job, rows.rows)
        model = await self._mongo.models.get(version.model_id)
        await self._promise(job, f"{_stem(name)}-{model.name}-{version.number}")
        return await self._jobs.submit(job)

    async def again(self, ended: Job, job_id: str) -> Job:
        """What the ended job was asked, once more; its finished parts are taken over."""
        return await self.start(
            ended.owner_id, ended.model_version_id or "", ended.bulk or BulkSpec(),
            dataset_version_id=ended.dataset_version_id or None, job_id=job_id,
            priority=ended.priority, retry_of=ended.id,
        )  # fmt: skip

    # -- workers ----------------------------------------------------------------------------------

    async def count(self, job: Job, rows: int) -> None:
        """Count the rows as predictions of the owner's, once, as soon as it is known how many.

        Raises QuotaExceeded.
        """
        first = job.bulk.parts_of if job.bulk else job.id
        await self._quotas.predicting_in_bulk(job.owner_id, first or job.id, rows)

    async def finish(self, job: Job, **found: Any) -> BulkPrediction:
        """The file is there; `found` is what `BulkPrediction.ready` takes.

        A second attempt's is dropped. Raises NotFound.
        """
        at = now()
        return await self._mongo.bulk_predictions.amend(
            of_job(job.id), lambda kept: kept.ready(at, at + self._keep, **found)
        )

    async def clear(self, job: Job) -> None:
        """Let go of what led to the file."""
        kept = await self._mongo.bulk_predictions.find(of_job(job.id))
        needed = {kept.object_key, kept.problems_key} if kept else set()
        for prefix in (parts_of(job), folder_of(job)):
            await self._delete(prefix, needed)

    async def sweep(self, limit: int = 100) -> int:
        """Delete the files of those that are over; returns how many these were."""
        known = [BulkStatus.PENDING.value, BulkStatus.READY.value]
        over = {"status": {"$in": known}, "expires_at": {"$lt": now()}}
        found = await self._mongo.bulk_predictions.all_by(over, limit)
        jobs = await self._mongo.jobs.get_many(each.job_id for each in found)
        done = [
            each for each in found
            if each.job_id not in jobs or jobs[each.job_id].status.is_terminal
        ]  # fmt: skip
        for each in done:
            await self._delete(f"{keys.bulk_of(each.model_id, each.dataset_id)}{each.job_id}/")
            await self._mongo.bulk_predictions.amend(each.id, BulkPrediction.expired)
            await self._uploads.let_go(each.upload_id)
        return len(done)

    # -- how --------------------------------------------------------------------------------------

    async def _readable(self, version_id: str, model: ModelVersion) -> DatasetVersion:
        version = await self._live.dataset_version(version_id)
        if version.status is not VersionStatus.READY:
            raise IllegalMove(f"version {version.number} is {version.status}, not READY")
        if version.kind is not model.kind:
            why = f"the model reads {model.kind}, and these rows are {version.kind}"
            raise InvalidValue(why, "datasetVersionId")
        return version

    async def _promise(self, job: Job, name: str) -> None:
        """The record comes before the job, so that whatever the job leaves has an owner."""
        made = BulkPrediction(
            id=of_job(job.id), job_id=job.id, owner_id=job.owner_id, model_id=job.model_id or "",
            model_version_id=job.model_version_id or "", dataset_id=job.dataset_id,
            dataset_version_id=job.dataset_version_id,
            upload_id=job.bulk.upload_id if job.bulk else None, name=name,
            format=(job.bulk or BulkSpec()).format, created_at=job.created_at,
            expires_at=job.created_at + self._keep,
        )  # fmt: skip
        await self._mongo.bulk_predictions.insert_many_ignoring_known([made])

    async def _delete(self, prefix: str, but: set[str | None] | None = None) -> None:
        found = [each.key for each in await self._objects.list(prefix)]
        await abreast(self._objects.delete, [key for key in found if key not in (but or set())])


def of_job(job_id: str) -> str:
    """The id of the bulk prediction that a job makes."""
    return ids.sibling(ids.BULK, job_id)


def folder_of(job: Job) -> str:
    """The prefix of the files that the job leaves."""
    return f"{keys.bulk_of(job.model_id or '', job.dataset_id)}{job.id}/"


def parts_of(job: Job) -> str:
    """The prefix of finished parts, which a retry shares with the job that it does again."""
    first = job.bulk.parts_of if job.bulk else job.id
    return f"{keys.bulk_of(job.model_id or '', job.dataset_id)}{first}/parts-{RECIPE}/"


def _job(
    owner_id: str, version: ModelVersion, spec: BulkSpec, rows: DatasetVersion | None, job_id: str
) -> Job:
    return Job(
        id=job_id, kind=JobKind.PREDICT, owner_id=owner_id,
        dataset_id=rows.dataset_id if rows else "", dataset_version_id=rows.id if rows else "",
        created_at=now(), stages=new_stages(JobKind.PREDICT), spec=version.spec,
        model_id=version.model_id, model_version_id=version.id,
        bulk=replace(spec, parts_of=spec.parts_of or job_id),
    )  # fmt: skip


def _stem(name: str) -> str:
    """What a file made from one of that name is called."""
    return STRANGE.sub("-", name.partition(".")[0]).strip("-")[:MAX_NAME] or "rows"
