"""Trials: fixes tried on a model before the data set is changed, and then made in it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import structlog

from store import ids
from store.clock import now
from store.datasets.datasets import Datasets, Made
from store.errors import IllegalMove, InvalidValue, NotFound, NotTrainable, StoreError
from store.jobs import Jobs
from store.live import Live
from store.models.models import Models
from store.mongo import Collections
from store.records.dataset import VersionStatus
from store.records.edit import RowEdit
from store.records.job import Job, JobKind, Priority, new_stages
from store.records.model import ModelVersion
from store.records.trial import Judgement, RowFix, Trial

MAX_FIXES = 1_000
NEW_LABEL = (
    "is no label of this model, whose classes are fixed; make a version with it by editing the "
    "data set, and train on that"
)
log = structlog.get_logger(__name__)


class Trials:
    """Who may see the model and its data set is for callers to check."""

    def __init__(
        self, *, mongo: Collections, jobs: Jobs, datasets: Datasets, models: Models
    ) -> None:
        self._mongo = mongo
        self._jobs = jobs
        self._datasets = datasets
        self._models = models
        self._live = Live(mongo)

    async def start(
        self, owner_id: str, version_id: str, fixes: Sequence[RowFix], *,
        job_id: str | None = None, priority: Priority = Priority.NORMAL,
        retry_of: str | None = None,
    ) -> Job:  # fmt: skip
        """A job that fits the version's head again with these fixes; its trial has the same ULID.

        Asked again with its id, it goes on with what is there. Raises NotFound, InvalidValue for a
        bad fix, and IllegalMove for a version that has no labels of its own.
        """
        version = await self._live.model_version(version_id)
        if version.report.labels_from_clusters:
            raise IllegalMove("its classes are clusters; label rows, and train on those")
        rows = await self._live.dataset_version(version.dataset_version_id)
        check_fixes(fixes, rows.next_row, version.labels)
        job = Job(
            id=job_id or ids.new(ids.JOB), kind=JobKind.REFIT, owner_id=owner_id,
            dataset_id=version.dataset_id, dataset_version_id=version.dataset_version_id,
            created_at=now(), stages=new_stages(JobKind.REFIT), spec=version.spec,
            model_id=version.model_id, priority=priority, retry_of=retry_of,
        )  # fmt: skip
        await self._mongo.trials.insert_many_ignoring_known([_trial(job, version, fixes)])
        return await self._jobs.submit(job)

    async def again(self, ended: Job, job_id: str) -> Job:
        """The same fixes once more. Raises as `start`."""
        trial = await self._mongo.trials.get(trial_of(ended.id))
        return await self.start(
            ended.owner_id, trial.model_version_id, trial.fixes, job_id=job_id,
            priority=ended.priority, retry_of=ended.id,
        )  # fmt: skip

    async def apply(self, trial_id: str, by: str, *, retrain: bool = False) -> Made:
        """The data set's next version, with the fixes; with `retrain` it is trained on once ready.

        A trial has one such version: asked again, it goes on with what is there. Raises NotFound,
        IllegalMove for a trial that has no result, and as `Datasets.edit`.
        """
        version_id = version_of(trial_id)
        training_id = ids.new(ids.JOB) if retrain else None
        # marked first: the version may be ready before this goes on
        trial = await self._mongo.trials.amend(
            trial_id, lambda kept: kept.applied(version_id, training_id)
        )
        try:
            made = await self._datasets.edit(
                trial.dataset_version_id, by, edits=edits_of(trial),
                note=f"fixes of trial {trial.id}", version_id=version_id,
            )  # fmt: skip
        except StoreError as refused:
            is_made = await self._mongo.dataset_versions.find(version_id)  # by a twin of this call
            if is_made is None and not refused.retryable:
                await self._mongo.trials.amend(trial_id, Trial.not_applied)
            raise
        await self.follow(version_id)
        return made

    async def follow(self, version_id: str) -> None:
        """Begin the training that was to follow once this version is ready, if there is one."""
        trial = await self._mongo.trials.find(ids.sibling(ids.TRIAL, version_id))
        rows = await self._mongo.dataset_versions.find(version_id)
        if trial is None or trial.training_job_id is None or rows is None:
            return
        if rows.status is not VersionStatus.READY:
            return
        tried = await self._mongo.model_versions.find(trial.model_version_id)
        model = await self._mongo.models.find(trial.model_id)
        if tried is None or model is None or model.is_trashed:
            log.warning("nothing is trained: the model is gone", trial=trial.id)
            return
        try:
            await self._models.start_training(
                model.owner_id, rows.id, tried.spec, model.name, job_id=trial.training_job_id
            )
        except (NotTrainable, InvalidValue, NotFound) as refused:
            log.warning("nothing is trained", trial=trial.id, reason=str(refused))

    # -- workers ----------------------------------------------------------------------------------

    async def of(self, job: Job) -> Trial:
        """What a REFIT is to try. Raises NotFound."""
        return await self._mongo.trials.get(trial_of(job.id))

    async def judged(self, job: Job, judgement: Judgement) -> Trial:
        """A second attempt's is dropped. Raises NotFound."""
        return await self._mongo.trials.amend(trial_of(job.id), lambda kept: kept.judged(judgement))


def trial_of(job_id: str) -> str:
    """The id of a job's trial."""
    return ids.sibling(ids.TRIAL, job_id)


def version_of(trial_id: str) -> str:
    """The id of the data set's version that a trial's fixes make."""
    return ids.sibling(ids.DATASET_VERSION, trial_id)


def check_fixes(fixes: Sequence[RowFix], next_row: int, labels: Collection[str]) -> None:
    """Raises InvalidValue, whose path leads to the first faulty fix."""
    if not 1 <= len(fixes) <= MAX_FIXES:
        raise InvalidValue(f"{len(fixes):,} fixes; try 1 to {MAX_FIXES:,} at once", "fixes")
    known, seen = frozenset(labels), dict[int, int]()
    for place, fix in enumerate(fixes):
        path = ("fixes", str(place))
        if not 0 <= fix.row < next_row:
            message = f"there is no row {fix.row}; numbers go from 0 to {next_row - 1}"
            raise InvalidValue(message, *path, "row")
        if fix.row in seen:
            message = f"row {fix.row} is fixed twice, first by fix {seen[fix.row]}"
            raise InvalidValue(message, *path, "row")
        seen[fix.row] = place
        if fix.label is not None and fix.label not in known:
            raise InvalidValue(f"{fix.label!r} {NEW_LABEL}", *path, "label")


def _trial(job: Job, version: ModelVersion, fixes: Sequence[RowFix]) -> Trial:
    return Trial(
        id=trial_of(job.id), owner_id=job.owner_id, job_id=job.id, model_id=version.model_id,
        model_version_id=version.id, dataset_id=job.dataset_id,
        dataset_version_id=job.dataset_version_id, created_at=job.created_at, fixes=tuple(fixes),
    )  # fmt: skip


def edits_of(trial: Trial) -> list[RowEdit]:
    """What its fixes do to the rows."""
    return [RowEdit(fix.row, label=fix.label, drop=fix.label is None) for fix in trial.fixes]
