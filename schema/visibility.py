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
from schema.seen import saw
from schema.webhooks.access import find_delivery, find_webhook
from store import ids
from store.clock import now
from store.errors import Denied
from store.live import IN_USE
from store.records.account import ApiKey, Invitation, Session, User
from store.records.bulk import BulkPrediction
from store.records.cluster_view import Step
from store.records.comparison import Comparison
from store.records.dataset import Dataset, DatasetVersion, Upload
from store.records.drift import DriftReport
from store.records.event import Event, EventKind
from store.records.golden import GoldenQuestion
from store.records.index import SearchIndex
from store.records.job import Job
from store.records.labelling import LabellingBatch
from store.records.learning import LearningRound
from store.records.model import Model, ModelVersion
from store.records.operation import BulkOperation
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
    if not context.signed_in.reaches(version):
        return None
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
    if found is None or not viewer.reaches(found):
        return None
    return found if viewer.is_admin or found.user_id == viewer.id else None


async def find_bulk_prediction(context: Context, identifier: str) -> BulkPrediction | None:
    """For whoever asked for it, and admins."""
    return visible(context.signed_in, await context.loaders.bulk_predictions.load(identifier))


async def find_bulk_operation(context: Context, identifier: str) -> BulkOperation | None:
    """For whoever asked for it, and admins."""
    found = await context.store.mongo.bulk_operations.find(identifier)
    return visible(context.signed_in, found)


async def find_trial(context: Context, identifier: str) -> Trial | None:
    """For whoever asked for it, and admins."""
    return visible(context.signed_in, await context.loaders.trials.load(identifier))


async def find_comparison(context: Context, identifier: str) -> Comparison | None:
    """For whoever asked for it, and admins."""
    return visible(context.signed_in, await context.loaders.comparisons.load(identifier))


async def find_drift_report(context: Context, identifier: str) -> DriftReport | None:
    """For whoever asked for it, and admins; texts of others are for admins alone."""
    found = visible(context.signed_in, await context.loaders.drift_reports.load(identifier))
    return found if found and _may_read(context.signed_in, found.asked_by) else None


async def find_labelling_batch(context: Context, identifier: str) -> LabellingBatch | None:
    """For whoever made it, and admins; texts of others are for admins alone."""
    found = visible(context.signed_in, await context.loaders.labelling_batches.load(identifier))
    return found if found and _may_read(context.signed_in, found.asked_by) else None


def drift_for(viewer: Viewer) -> dict[str, Any]:
    """The filter of drift reports, and of batches made from them, that the viewer sees."""
    return owned_by(viewer) | ({} if viewer.is_admin else {"asked_by": viewer.id})


def _may_read(viewer: Viewer, asked_by: str | None) -> bool:
    return viewer.is_admin or asked_by == viewer.id


async def find_learning_round(context: Context, identifier: str) -> LearningRound | None:
    """For whoever began it, and admins."""
    found = await context.store.mongo.learning_rounds.find(identifier)
    model = await context.loaders.models.load(found.model_id) if found else None
    return visible(context.signed_in, found) if model else None


def comparisons_for(viewer: Viewer) -> dict[str, Any]:
    """The filter of comparisons that the viewer sees."""
    return owned_by(viewer)


async def find_finding(context: Context, identifier: str) -> Finding | None:
    """For the owner of its data set, unless that is in the trash, and admins."""
    found = visible(context.signed_in, await context.store.mongo.findings.find(identifier))
    is_there = found and await context.loaders.datasets.load(found.dataset_id)
    return found if is_there else None


def sees_model(viewer: Viewer, model: Model) -> bool:
    """Whether the viewer sees the family at all."""
    is_open = model.published_version_id is not None and viewer.reaches(model)
    return is_open or may_see(viewer, model)


def sees_event(viewer: Viewer, event: Event) -> bool:
    """Owners and admins see every event; others those that tell what is published."""
    about = {event.subject_id, *event.related.values()}
    if viewer.model_ids is not None and viewer.model_ids.isdisjoint(about):
        return False
    return viewer.is_admin or event.owner_id == viewer.id or event.kind in OPEN_TO_ALL


def owned_by(viewer: Viewer) -> dict[str, Any]:
    """The filter of what belongs to the viewer; of everything for an admin."""
    return {} if viewer.is_admin else {"owner_id": viewer.id} | reached_by(viewer)


def asked_by(viewer: Viewer) -> dict[str, Any]:
    """The filter of the answers that the viewer asked for; of all for an admin."""
    return {} if viewer.is_admin else {"user_id": viewer.id} | reached_by(viewer)


def reached_by(viewer: Viewer) -> dict[str, Any]:
    """The filter of what a key for some models reaches, beside any other; else of everything."""
    if viewer.model_ids is None:
        return {}
    return {"$and": [{"model_id": {"$in": sorted(viewer.model_ids)}}]}


def datasets_for(viewer: Viewer) -> dict[str, Any]:
    """The filter of the data sets that the viewer sees."""
    return owned_by(viewer) | IN_USE


def models_for(viewer: Viewer) -> dict[str, Any]:
    """The filter of the models that the viewer sees."""
    if viewer.is_admin:
        return dict(IN_USE)
    reached = {} if viewer.model_ids is None else {"_id": {"$in": sorted(viewer.model_ids)}}
    seen = {"$or": [{"owner_id": viewer.id}, {"published_version_id": {"$ne": None}}]}
    return seen | reached | IN_USE


def versions_for(viewer: Viewer, model: Model) -> dict[str, Any]:
    """The filter of the model's versions that the viewer sees."""
    if may_see(viewer, model):
        return {"model_id": model.id}
    return {"_id": model.published_version_id}


def trials_for(viewer: Viewer, version: ModelVersion, dataset: Dataset | None) -> dict[str, Any]:
    """The filter of the version's trials that the viewer sees; none once the rows are gone."""
    seen = visible(viewer, dataset)
    return {"model_version_id": version.id if seen else ""} | owned_by(viewer)


async def find_session(context: Context, identifier: str) -> Session | None:
    """For whoever signed in, while it is good."""
    found = await context.store.mongo.sessions.find(identifier)
    viewer = context.signed_in
    is_theirs = found is not None and found.user_id == viewer.id and viewer.model_ids is None
    return found if found and is_theirs and found.is_live(now()) else None


async def find_api_key(context: Context, identifier: str) -> ApiKey | None:
    """For its owner; a key for some models finds only itself."""
    viewer, found = context.signed_in, await context.store.mongo.api_keys.find(identifier)
    is_theirs = found is not None and found.user_id == viewer.id
    return found if is_theirs and viewer.reaches_key(identifier) else None


async def find_invitation(context: Context, identifier: str) -> Invitation | None:
    """For admins."""
    is_admin = context.signed_in.is_admin
    return await context.store.mongo.invitations.find(identifier) if is_admin else None


async def find_upload(context: Context, identifier: str) -> Upload | None:
    """For whoever announced it, and admins."""
    return visible(context.signed_in, await context.store.mongo.uploads.find(identifier))


async def find_question(context: Context, identifier: str) -> GoldenQuestion | None:
    """For everybody who sees its model."""
    found = await context.store.mongo.golden_questions.find(identifier)
    is_seen = found and await find_model(context, found.model_id)
    return found if is_seen else None


async def find_index(context: Context, identifier: str) -> SearchIndex | None:
    """For the owner of its data set, unless that is in the trash, and admins."""
    found = await context.store.search.live_indexes([identifier])
    return visible(context.signed_in, found.get(identifier))


async def find_cluster_edit(context: Context, identifier: str) -> Step | None:
    """For everybody who sees the version it was made in, or the one that is published."""
    edit = await context.store.mongo.cluster_edits.find(identifier)
    model = await find_model(context, edit.model_id) if edit else None
    if edit is None or model is None:
        return None
    for version_id in (edit.version_id, model.published_version_id):
        version = await find_model_version(context, version_id) if version_id else None
        view = await context.store.clusters.view(version.id) if version else None
        if view is not None:
            return next((step for step in view.steps if step.edit.id == edit.id), None)
    return None


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
    ids.DRIFT: find_drift_report,
    ids.LABELLING: find_labelling_batch,
    ids.BULK: find_bulk_prediction,
    ids.SESSION: find_session,
    ids.API_KEY: find_api_key,
    ids.INVITATION: find_invitation,
    ids.UPLOAD: find_upload,
    ids.GOLDEN: find_question,
    ids.INDEX: find_index,
    ids.CLUSTER_EDIT: find_cluster_edit,
    ids.OPERATION: find_bulk_operation,
    ids.WEBHOOK: find_webhook,
    ids.WEBHOOK_DELIVERY: find_delivery,
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
    saw(record)
    return record


async def must_own(context: Context, finder: Finder[Theirs], identifier: str, field: str) -> Theirs:
    """The record, for its owner and admins; raises Missing, or Denied to other viewers."""
    record = await must_find(context, finder, identifier, field)
    if not may_see(context.signed_in, record):
        raise Denied("only its owner or an admin may do this")
    return record
