"""One record of any kind, found by its id if the viewer may see it; else None.

Owners and admins see data sets, jobs and models; everybody signed in sees published models. What is
in the trash is there for `find_trashed` only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from schema.context import Context
from schema.errors import Missing
from schema.permissions import Owned, may_see, visible
from store import ids
from store.errors import Denied
from store.live import IN_USE
from store.records.account import User
from store.records.bulk import BulkPrediction
from store.records.comparison import Comparison
from store.records.dataset import Dataset, DatasetVersion
from store.records.event import Event, EventKind
from store.records.job import Job
from store.records.learning import LearningRound
from store.records.model import Model, ModelVersion
from store.records.prediction import Prediction
from store.records.quality import Finding
from store.records.trial import Trial
from store.records.viewer import Viewer
from store.trash import Thing

OPEN_TO_ALL = (
    EventKind.MODEL_PUBLISHED,
    EventKind.MODEL_ROLLED_BACK,
    EventKind.MODEL_WITHDRAWN,
    EventKind.MODEL_SERVED,
)

R = TypeVar("R")
Theirs = TypeVar("Theirs", bound=Owned)
Finder = Callable[[Context, str], Awaitable[R | None]]


async def find_user(context: Context, identifier: str) -> User | None:
    """Admins see everybody, everybody sees themselves."""
    viewer = context.signed_in
    may = viewer.is_admin or viewer.id == identifier
    return await context.loaders.users.load(identifier) if may else None


async def find_dataset(context: Context, identifier: str) -> Dataset | None:
    """For its owner and admins."""
    return visible(context.signed_in, await context.loaders.datasets.load(identifier))


async def find_dataset_version(context: Context, identifier: str) -> DatasetVersion | None:
    """For its owner and admins."""
    return visible(context.signed_in, await context.loaders.dataset_versions.load(identifier))


async def find_job(context: Context, identifier: str) -> Job | None:
    """For its owner and admins."""
    return visible(context.signed_in, await context.loaders.jobs.load(identifier))


async def find_model(context: Context, identifier: str) -> Model | None:
    """For its owner and admins; for everybody while it is published."""
    model = await context.loaders.models.load(identifier)
    return model if model and sees_model(context.signed_in, model) else None


async def find_model_named(context: Context, name: str) -> Model | None:
    """As `find_model`."""
    model = await context.store.mongo.models.find_by(name=name, **IN_USE)
    return model if model and sees_model(context.signed_in, model) else None


async def find_model_version(context: Context, identifier: str) -> ModelVersion | None:
    """For its owner and admins; for everybody while it is the published one."""
    version = await context.loaders.model_versions.load(identifier)
    if version is None or may_see(context.signed_in, version):
        return version
    model = await context.loaders.models.load(version.model_id)
    return version if model and model.published_version_id == version.id else None


async def find_trashed(context: Context, identifier: str) -> Thing | None:
    """What is in the trash, for its owner and admins."""
    found = await context.store.trash.find(identifier)
    return found if found and may_see(context.signed_in, found) else None


async def find_prediction(context: Context, identifier: str) -> Prediction | None:
    """For whoever asked for it, and admins. A fresh one may still be in the log."""
    viewer, store = context.signed_in, context.store
    found = await store.mongo.predictions.find(identifier)
    if found is None and await store.predictions.drain():
        found = await store.mongo.predictions.find(identifier)
    return found if found and (viewer.is_admin or found.user_id == viewer.id) else None


async def find_bulk_prediction(context: Context, identifier: str) -> BulkPrediction | None:
    """For whoever asked for it, and admins."""
    return visible(context.signed_in, await context.loaders.bulk_predictions.load(identifier))


async def find_trial(context: Context, identifier: str) -> Trial | None:
    """For whoever asked for it, and admins."""
    return visible(context.signed_in, await context.loaders.trials.load(identifier))


async def find_comparison(context: Context, identifier: str) -> Comparison | None:
    """For whoever asked for it, and admins."""
    return visible(context.signed_in, await context.loaders.comparisons.load(identifier))


async def find_learning_round(context: Context, identifier: str) -> LearningRound | None:
    """For whoever began it, and admins."""
    found = await context.store.mongo.learning_rounds.find(identifier)
    model = await context.loaders.models.load(found.model_id) if found else None
    return visible(context.signed_in, found) if model else None


def comparisons_for(viewer: Viewer) -> dict[str, Any]:
    """The filter of comparisons that the viewer sees."""
    return {} if viewer.is_admin else {"owner_id": viewer.id}


async def find_finding(context: Context, identifier: str) -> Finding | None:
    """For the owner of its data set, unless that is in the trash, and admins."""
    found = visible(context.signed_in, await context.store.mongo.findings.find(identifier))
    is_there = found and await context.loaders.datasets.load(found.dataset_id)
    return found if is_there else None


def sees_model(viewer: Viewer, model: Model) -> bool:
    """Whether the viewer sees the family at all."""
    return model.published_version_id is not None or may_see(viewer, model)


def sees_event(viewer: Viewer, event: Event) -> bool:
    """Owners and admins see every event; others those that tell what is published."""
    return event.kind in OPEN_TO_ALL or may_see(viewer, event)


def owned_by(viewer: Viewer) -> dict[str, Any]:
    """The filter of what belongs to the viewer; of everything for an admin."""
    return {} if viewer.is_admin else {"owner_id": viewer.id}


def datasets_for(viewer: Viewer) -> dict[str, Any]:
    """The filter of the data sets that the viewer sees."""
    return owned_by(viewer) | IN_USE


def models_for(viewer: Viewer) -> dict[str, Any]:
    """The filter of the models that the viewer sees."""
    if viewer.is_admin:
        return dict(IN_USE)
    return {"$or": [{"owner_id": viewer.id}, {"published_version_id": {"$ne": None}}]} | IN_USE


def versions_for(viewer: Viewer, model: Model) -> dict[str, Any]:
    """The filter of the model's versions that the viewer sees."""
    if may_see(viewer, model):
        return {"model_id": model.id}
    return {"_id": model.published_version_id}


def trials_for(viewer: Viewer, version: ModelVersion, dataset: Dataset | None) -> dict[str, Any]:
    """The filter of the version's trials that the viewer sees; none once the rows are gone."""
    seen = visible(viewer, dataset)
    return {"model_version_id": version.id if seen else ""} | owned_by(viewer)


FINDERS: dict[str, Finder[Any]] = {
    ids.USER: find_user,
    ids.DATASET: find_dataset,
    ids.DATASET_VERSION: find_dataset_version,
    ids.JOB: find_job,
    ids.MODEL: find_model,
    ids.MODEL_VERSION: find_model_version,
    ids.PREDICTION: find_prediction,
    ids.FINDING: find_finding,
    ids.TRIAL: find_trial,
    ids.COMPARISON: find_comparison,
    ids.LEARNING: find_learning_round,
    ids.BULK: find_bulk_prediction,
}


async def find(context: Context, identifier: str) -> Any:
    """The record of any kind; None when there is none to be seen."""
    finder = FINDERS.get(ids.prefix_of(identifier))
    return await finder(context, identifier) if finder else None


async def must_find(context: Context, finder: Finder[R], identifier: str, field: str) -> R:
    """The record; raises Missing, which names the input field."""
    record = await finder(context, identifier)
    if record is None:
        raise Missing(f"there is no {identifier!r}", field)
    return record


async def must_own(context: Context, finder: Finder[Theirs], identifier: str, field: str) -> Theirs:
    """The record, for its owner and admins; raises Missing, or Denied to other viewers."""
    record = await must_find(context, finder, identifier, field)
    if not may_see(context.signed_in, record):
        raise Denied("only its owner or an admin may do this")
    return record
