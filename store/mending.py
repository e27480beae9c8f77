"""Doing again what ended without a result: as it was, or as a diagnosis advises.

Terminal states are final, so it is a new job each time. It goes on after the last finished stage
whose inputs did not change, because what stages leave is kept by what they read.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from store import ids
from store.answers.bulk import Bulk
from store.answers.search import Search
from store.datasets.checks import Checks
from store.datasets.datasets import Datasets
from store.diagnosis import Action, PurgeAgain, ReadAgain, diagnose
from store.errors import IllegalMove, InvalidValue
from store.learning.drift import Drift
from store.learning.trials import Trials
from store.models.comparisons import Comparisons
from store.models.models import Models
from store.mongo import Collections
from store.operations import Operations
from store.records.job import Job, JobKind, JobStatus
from store.records.training import TrainingSpec
from store.trash import Trash

UNDONE = (JobStatus.FAILED, JobStatus.CANCELLED)


class Mending:
    """Who may see the job is for callers to check.

    Asked again with the id of the new job, every verb goes on with what is there.
    """

    def __init__(
        self, *, mongo: Collections, datasets: Datasets, models: Models, trash: Trash, bulk: Bulk,
        search: Search, trials: Trials, checks: Checks, comparisons: Comparisons,
        operations: Operations, drift: Drift,
    ) -> None:  # fmt: skip
        self._mongo = mongo
        self._datasets = datasets
        self._models = models
        self._trash = trash
        self._bulk = bulk
        self._search = search
        self._trials = trials
        self._comparisons = comparisons
        self._checks = checks
        self._operations = operations
        self._drift = drift

    @property
    def _makers(self) -> dict[JobKind, Callable[[Job, str], Awaitable[Job]]]:
        """What makes the job of that id that does an ended one again."""
        return {
            JobKind.INGEST: self._datasets.read_again,
            JobKind.PREDICT: self._bulk.again,
            JobKind.CHECK: self._checks.again,
            JobKind.COMPARE: self._comparisons.again,
            JobKind.DRIFT: self._drift.again,
            JobKind.REFIT: self._trials.again,
            JobKind.INDEX: self._search.again,
            JobKind.OPERATION: self._operations.again,
        }

    async def retry(
        self, job_id: str, *, spec: TrainingSpec | None = None, new_id: str | None = None
    ) -> Job:
        """The same work once more; a training by another `spec` where one is given.

        Raises NotFound, IllegalMove for a job that did not fail and for a file that is read by now,
        and what starting such a job raises.
        """
        job = await self._undone(job_id)
        if spec is not None and job.kind is not JobKind.TRAIN:
            raise InvalidValue("only a training has a spec", "spec")
        return await self._again(job, spec, new_id or ids.new(ids.JOB))

    async def apply(self, job_id: str, fix_id: str, *, new_id: str | None = None) -> Job:
        """Do what a fix of the job's diagnosis would; the job that does it.

        Raises InvalidValue for a fix that the diagnosis does not offer, and as `retry`.
        """
        job = await self._undone(job_id)
        version = await self._mongo.dataset_versions.find(job.dataset_version_id)
        diagnosis = diagnose(job, version)
        fixes = {fix.id: fix for fix in (diagnosis.fixes if diagnosis else ())}
        if fix_id not in fixes:
            offered = ", ".join(fixes) or "none"
            raise InvalidValue(f"there is no fix {fix_id!r}; offered are {offered}", "fixId")
        return await self._act(job, fixes[fix_id].action, new_id or ids.new(ids.JOB))

    async def retried_by(self, job_id: str) -> Job | None:
        """The newest job that does it again."""
        page = await self._mongo.jobs.page({"retry_of": job_id}, first=1)
        return page.items[0] if page.items else None

    async def _undone(self, job_id: str) -> Job:
        job = await self._mongo.jobs.get(job_id)
        if job.status not in UNDONE:
            raise IllegalMove(f"job {job.id} is {job.status}; only a failed or cancelled one is "
                              "done again")  # fmt: skip
        return job

    async def _act(self, job: Job, action: Action, new_id: str) -> Job:
        if isinstance(action, ReadAgain):
            made = await self._datasets.reread(
                job.dataset_version_id, action.reading, action.columns,
                new_id=ids.sibling(ids.DATASET_VERSION, new_id), job_id=new_id,
            )  # fmt: skip
            return made.job
        if isinstance(action, PurgeAgain):
            return await self._trash.purge(action.thing_id)
        return await self._again(job, action.spec, new_id)

    async def _again(self, job: Job, spec: TrainingSpec | None, new_id: str) -> Job:
        if job.kind is JobKind.PURGE:
            return await self._trash.purge(job.purges or "")
        if job.kind is not JobKind.TRAIN:
            return await self._makers[job.kind](job, new_id)
        model = await self._mongo.models.get(job.model_id or "")
        return await self._models.start_training(
            job.owner_id, job.dataset_version_id, spec or job.spec, model.name,
            job_id=new_id, priority=job.priority, retry_of=job.id,
        )  # fmt: skip
