"""Models: a training started, its version kept, one version of a family published."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from store import ids, naming
from store.clock import now
from store.errors import AlreadyExists, Conflict, IllegalMove, NotFound
from store.events import Events
from store.jobs import Jobs
from store.live import Live
from store.models.families import Families
from store.mongo import Collections
from store.recall import Recall
from store.records.dataset import DataKind
from store.records.event import Event, EventKind, Topic
from store.records.job import Job, JobKind, Priority, new_stages
from store.records.model import BundleFile, Model, ModelVersion
from store.records.report import Report
from store.records.training import TrainingSpec
from store.training.estimates import Estimates
from store.training.trainable import check_trainable

NOBODY = "system"
"""The owner of models that no account made."""
MODEL_KEPT_S = 1.0
MAX_TRIES = 20
MAX_PUBLISHED = 1_000


class Models:
    """Who may see or publish a model is for callers to check."""

    def __init__(
        self, *, mongo: Collections, events: Events, jobs: Jobs, estimates: Estimates
    ) -> None:
        self._mongo = mongo
        self._events = events
        self._jobs = jobs
        self._estimates = estimates
        self._families = Families(mongo=mongo, events=events)
        self._live = Live(mongo)
        self._recall = Recall[Model](MODEL_KEPT_S, lambda model: model.id)

    # -- training ---------------------------------------------------------------------------------

    async def start_training(
        self, owner_id: str, version_id: str, spec: TrainingSpec, model_name: str | None = None,
        *, job_id: str | None = None, priority: Priority = Priority.NORMAL,
        retry_of: str | None = None,
    ) -> Job:  # fmt: skip
        """A job that adds a version to the owner's model of that name, new where there is none.

        Without a name the model is called after the data set. Raises NotFound, NotTrainable,
        InvalidValue, and AlreadyExists when the name belongs to somebody else.
        """
        version = await self._live.dataset_version(version_id)
        check_trainable(version, spec)
        estimate = await self._estimates.training(version, spec)
        model = await self._families.family(owner_id, version, model_name)
        job = Job(
            id=job_id or ids.new(ids.JOB), kind=JobKind.TRAIN, owner_id=owner_id,
            dataset_id=version.dataset_id, dataset_version_id=version.id, created_at=now(),
            stages=new_stages(JobKind.TRAIN), spec=spec, model_id=model.id,
            estimate=estimate.seconds, priority=priority, retry_of=retry_of,
        )  # fmt: skip
        return await self._jobs.submit(job)

    async def add_version(
        self, job: Job, *, manifest_sha256: str, files: tuple[BundleFile, ...],
        labels: tuple[str, ...], report: Report, kind: DataKind,
    ) -> ModelVersion:  # fmt: skip
        """What `job` made, under the id that it committed to.

        Told again by a second attempt, the version that is there. Raises NotFound when the job has
        no model.
        """
        model = await self._mongo.models.get(job.model_id or "")
        version = await self._numbered(
            ModelVersion(
                id=job.model_version_id or ids.new(ids.MODEL_VERSION), model_id=model.id,
                owner_id=model.owner_id, number=model.version_count + 1, job_id=job.id,
                dataset_id=job.dataset_id,
                dataset_version_id=job.dataset_version_id, kind=kind, spec=job.spec, labels=labels,
                report=report, manifest_sha256=manifest_sha256, files=files, created_at=now(),
            )
        )  # fmt: skip
        await self._amend(model.id, lambda known: known.versioned(version.number))
        message, at = f"version {version.number} was trained", version.created_at
        await self._tell(EventKind.MODEL_VERSION_CREATED, model, message, version.id, at)
        return version

    async def adopt(
        self, name: str, *, spec: TrainingSpec, manifest_sha256: str,
        files: tuple[BundleFile, ...], labels: tuple[str, ...], report: Report, kind: DataKind,
    ) -> ModelVersion:  # fmt: skip
        """A bundle from elsewhere, published as the model `name`; once, however often it is asked.

        It is nobody's, and stands for a job that was never run here. Raises AlreadyExists when the
        name is somebody's.
        """
        model = await self._families.named(NOBODY, name)
        job = Job(
            id=f"bundle:{manifest_sha256}", kind=JobKind.TRAIN, owner_id=NOBODY, dataset_id="",
            dataset_version_id="", created_at=now(), stages=(), spec=spec, model_id=model.id,
        )  # fmt: skip
        version = await self.add_version(
            job, manifest_sha256=manifest_sha256, files=files, labels=labels, report=report,
            kind=kind,
        )  # fmt: skip
        with suppress(IllegalMove):
            await self.publish(model.id, version.id, NOBODY)
        return version

    async def describe(
        self, model_id: str, description: str, *, expected_revision: int | None = None
    ) -> Model:
        """Raises NotFound, InvalidValue, Conflict."""
        description = naming.description(description)
        model = await self._amend(
            model_id,
            lambda known: known.described(description),
            expected_revision=expected_revision,
        )
        await self._tell(EventKind.MODEL_CHANGED, model, "has a new description")
        return model

    # -- the alias `published` --------------------------------------------------------------------

    async def publish(
        self, model_id: str, version_id: str, by: str, expected_revision: int | None = None
    ) -> Model:
        """From now on the model answers with this version.

        Raises NotFound for a version of another model, IllegalMove when it is published already,
        Conflict when the model is at another revision than expected.
        """
        version = await self.version_of(model_id, version_id)
        model = await self._amend(
            model_id,
            lambda known: known.published(version_id, by, now()),
            expected_revision=expected_revision,
        )
        message = f"version {version.number} is published"
        await self._tell(EventKind.MODEL_PUBLISHED, model, message, version_id)
        return model

    async def version_of(self, model_id: str, version_id: str) -> ModelVersion:
        """Raises NotFound for a version of another model."""
        version = await self._mongo.model_versions.find(version_id)
        if version is None or version.model_id != model_id:
            raise NotFound(f"model {model_id} has no version {version_id}")
        return version

    async def roll_back(
        self, model_id: str, by: str, expected_revision: int | None = None
    ) -> Model:
        """Back to the version published before. Raises NotFound, IllegalMove, Conflict."""
        model = await self._amend(
            model_id,
            lambda known: known.rolled_back(by, now()),
            expected_revision=expected_revision,
        )
        version = await self._mongo.model_versions.get(model.published_version_id or "")
        message = f"rolled back to version {version.number}"
        await self._tell(EventKind.MODEL_ROLLED_BACK, model, message, version.id)
        return model

    async def withdraw(self, model_id: str, expected_revision: int | None = None) -> Model:
        """No version answers any more. Raises NotFound, IllegalMove, Conflict."""
        before = await self._mongo.models.get(model_id)
        model = await self._amend(model_id, Model.withdrawn, expected_revision=expected_revision)
        version_id = before.published_version_id or ""
        await self._tell(EventKind.MODEL_WITHDRAWN, model, "was withdrawn", version_id)
        return model

    async def asked(self, name: str) -> Model | None:
        """The model of that name or id, for an answer: it costs nothing within a second.

        A change made through this process shows at once, another process's within that second.
        """
        known = self._recall.get(name)
        if known is None:
            is_id = ids.prefix_of(name) == ids.MODEL
            models = self._mongo.models
            known = await (models.find(name) if is_id else models.find_by(name=name))
            if known is None or known.is_trashed:
                return None
            self._recall.keep(name, known)
        return known

    def forget(self, model_id: str) -> None:
        """Somebody else moved the model: look at it anew."""
        self._recall.forget(model_id)

    async def published(self) -> list[ModelVersion]:
        """Every version that inference workers are to serve."""
        is_published = {"published_version_id": {"$ne": None}}
        models = await self._mongo.models.all_by(is_published, MAX_PUBLISHED)
        wanted = [model.published_version_id or "" for model in models]
        return list((await self._mongo.model_versions.get_many(wanted)).values())

    # -- how --------------------------------------------------------------------------------------

    async def _amend(
        self, model_id: str, move: Callable[[Model], Model], expected_revision: int | None = None
    ) -> Model:
        """Move the model, and let answers know."""
        moved = await self._mongo.models.amend(model_id, move, expected_revision=expected_revision)
        self._recall.forget(model_id)
        return moved

    async def _numbered(self, version: ModelVersion) -> ModelVersion:
        """Insert under the first free number, unless its job made a version already."""
        for number in range(version.number, version.number + MAX_TRIES):
            known = await self._mongo.model_versions.find_by(job_id=version.job_id)
            if known is not None:
                return known
            with suppress(AlreadyExists):
                return await self._mongo.model_versions.insert(replace(version, number=number))
        raise Conflict(f"too many versions are added to model {version.model_id} at once")

    async def _tell(
        self, kind: EventKind, model: Model, message: str, version_id: str | None = None,
        at: datetime | None = None,
    ) -> None:  # fmt: skip
        """Say it once, however often, if `at` is the same."""
        related = {"model_version": version_id} if version_id else {}
        await self._events.append_if_missing(
            Event(
                Topic.MODEL, kind, model.id, model.owner_id, at or now(), message, related=related
            )
        )
