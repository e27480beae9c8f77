"""From corrections to a better model: reviewed, learnt from, compared with what answers now.

A round goes on by itself: its data set version is READY, so its training begins; that has made a
model version, so the two are compared. Each step has its id from the round, and is done once.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog

from store import ids
from store.clock import now
from store.datasets.datasets import Datasets
from store.datasets.inline_rows import Row
from store.errors import Conflict, IllegalMove, NotFound, StoreError
from store.models.comparisons import Comparisons
from store.models.models import Models
from store.mongo import Collections
from store.records.dataset import VersionStatus
from store.records.job import Job
from store.records.learning import LearningRound
from store.records.model import Model, ModelVersion
from store.records.prediction import Prediction, Review
from store.settings import Settings

MAX_CORRECTIONS = 1_000
QUERIES = 1_000
ROOM = 0.8
"""Of what rows in a request may have; the rest is for quotes and names."""
log = structlog.get_logger(__name__)


class Corrections:
    """Who may see the model and its data set is for callers to check."""

    def __init__(
        self, *, settings: Settings, mongo: Collections, datasets: Datasets, models: Models,
        comparisons: Comparisons,
    ) -> None:  # fmt: skip
        self._room = int(settings.max_inline_bytes * ROOM)
        self._mongo = mongo
        self._datasets = datasets
        self._models = models
        self._comparisons = comparisons

    async def review(
        self, predictions: Sequence[Prediction], review: Review, by: str,
        *, expected: Sequence[int] | None = None,
    ) -> list[Prediction]:  # fmt: skip
        """Raises IllegalMove for one that is not corrected, or was learnt from.

        `expected` are their revisions as the caller saw them. Raises Conflict, before anything is
        reviewed where it can be known by then.
        """
        at = now()
        revisions: list[int | None] = [*expected] if expected else [None] * len(predictions)
        for each, revision in zip(predictions, revisions, strict=True):
            if revision not in (None, each.revision):
                raise Conflict(f"{each.id} changed", each.revision, each)
        return [
            await self._mongo.predictions.amend(
                each.id, lambda known: known.reviewed(review, by, at), expected_revision=revision
            )
            for each, revision in zip(predictions, revisions, strict=True)
        ]

    async def grown_by(self, model: Model) -> str:
        """The data set that a round would append to. Raises IllegalMove, NotFound."""
        return (await self._before(model)).dataset_id

    async def learn(
        self, model: Model, by: str, *, retrain: bool, sees_all: bool,
        round_id: str | None = None,
    ) -> LearningRound:  # fmt: skip
        """Append the accepted corrections to the data, and learn from it once it is read.

        At most MAX_CORRECTIONS, the oldest first; more are for the next round. Asked again with its
        id, it goes on with what is there. Raises IllegalMove where there is nothing to learn, and
        as `Datasets.append_rows`.
        """
        identifier = round_id or ids.new(ids.LEARNING)
        begun = await self._mongo.learning_rounds.find(identifier)
        begun = begun or await self._begin(identifier, model, by, retrain, sees_all)
        try:
            await self._append(begun)
        except StoreError as refused:
            if not refused.retryable:
                await self._mongo.learning_rounds.delete(begun.id)
            raise
        await self._mark(begun)
        await self.follow_version(begun.dataset_version_id)
        return begun

    # -- workers ----------------------------------------------------------------------------------

    async def follow_version(self, version_id: str) -> None:
        """Begin the training of a round whose data set version is READY."""
        found = await self._mongo.learning_rounds.find(ids.sibling(ids.LEARNING, version_id))
        rows = await self._mongo.dataset_versions.find(version_id)
        if found is None or found.training_job_id is None or rows is None:
            return
        model = await self._mongo.models.find(found.model_id)
        if rows.status is not VersionStatus.READY or model is None or model.is_trashed:
            return
        try:
            before = await self._mongo.model_versions.get(found.before_id)
            await self._models.start_training(
                model.owner_id, rows.id, before.spec, model.name, job_id=found.training_job_id
            )
        except StoreError as refused:
            log.warning("nothing is trained", round=found.id, reason=str(refused))

    async def follow_training(self, job: Job) -> None:
        """Compare the version that a round's training has made with the one before."""
        found = await self._mongo.learning_rounds.find_by(training_job_id=job.id)
        if found is None or found.comparison_job_id is None or job.model_version_id is None:
            return
        try:
            await self._comparisons.start(
                found.owner_id, found.before_id, job.model_version_id, queries=QUERIES,
                asked_by=None if found.sees_all else found.owner_id, job_id=found.comparison_job_id,
            )  # fmt: skip
        except StoreError as refused:
            log.warning("nothing is compared", round=found.id, reason=str(refused))

    # -- how --------------------------------------------------------------------------------------

    async def _begin(
        self, identifier: str, model: Model, by: str, retrain: bool, sees_all: bool
    ) -> LearningRound:
        before = await self._before(model)
        await self._settle_last(model)
        accepted = {"model_id": model.id, "review": Review.ACCEPTED.value, "round_id": None}
        found = self._within_room(await self._mongo.predictions.all_by(accepted, MAX_CORRECTIONS))
        if not found:
            raise IllegalMove(f"{model.name} has no accepted correction that is not learnt yet")
        begun = LearningRound(
            id=identifier, owner_id=by, model_id=model.id, dataset_id=before.dataset_id,
            before_id=before.id, dataset_version_id=ids.sibling(ids.DATASET_VERSION, identifier),
            prediction_ids=tuple(each.id for each in found),
            rows=len({each.text for each in found}),
            training_job_id=ids.new(ids.JOB) if retrain else None,
            comparison_job_id=ids.new(ids.JOB) if retrain else None,
            sees_all=sees_all, created_at=now(),
        )  # fmt: skip
        await self._mongo.learning_rounds.insert_many_ignoring_known([begun])
        return await self._mongo.learning_rounds.get(identifier)

    async def _settle_last(self, model: Model) -> None:
        """Whoever began the last round may have died before all was marked that it took up."""
        last = await self._mongo.learning_rounds.page({"model_id": model.id}, first=1)
        for each in last.items:
            if await self._mongo.dataset_versions.find(each.dataset_version_id) is not None:
                await self._mark(each)

    async def _mark(self, begun: LearningRound) -> None:
        for each in (await self._mongo.predictions.get_many(begun.prediction_ids)).values():
            if each.round_id is None:
                await self._mongo.predictions.amend(each.id, lambda known: known.learnt(begun.id))

    async def _before(self, model: Model) -> ModelVersion:
        """The published version, or the newest. Raises IllegalMove, NotFound."""
        if model.published_version_id is not None:
            version = await self._mongo.model_versions.get(model.published_version_id)
        else:
            newest = await self._mongo.model_versions.page({"model_id": model.id}, first=1)
            if not newest.items:
                raise IllegalMove(f"{model.name} has no version yet")
            version = newest.items[0]
        if not version.dataset_id:
            raise IllegalMove(f"{model.name} comes from elsewhere: there is no data set to grow")
        return version

    def _within_room(self, found: Sequence[Prediction]) -> list[Prediction]:
        room, taken = self._room, []
        for each in found:
            room -= len(each.text.encode()) + len((each.correction or "").encode()) + 50
            if room < 0:
                break
            taken.append(each)
        return taken

    async def _append(self, begun: LearningRound) -> None:
        known = await self._mongo.predictions.get_many(begun.prediction_ids)
        if not known:
            raise NotFound("the corrections are gone")
        ordered = sorted(known.values(), key=lambda each: each.corrected_at or each.at)
        label_of = {each.text: each.correction for each in ordered}  # the latest word on a text
        rows = [Row(text, label) for text, label in label_of.items()]
        await self._datasets.append_rows(
            begun.dataset_id, rows=rows, version_id=begun.dataset_version_id
        )
