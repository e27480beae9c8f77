"""Records by id, those asked for in one turn of the loop fetched together.

Loaders batch and never cache: a subscription lives for hours and must see every record as it is.
So a process needs but one set of them. It serves every viewer: who may see a record is asked after
it was loaded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from strawberry.dataloader import DataLoader

from store.clusters.maps import Fallen
from store.jobs.waiting import Waiting
from store.records.account import User
from store.records.bulk import BulkPrediction
from store.records.comparison import Comparison
from store.records.dataset import Dataset, DatasetVersion
from store.records.drift import DriftReport
from store.records.job import Job
from store.records.labelling import LabellingBatch
from store.records.model import Model, ModelVersion
from store.records.trial import Trial
from store.records.webhook import Webhook, WebhookProgress
from store.store import Store

R = TypeVar("R")
GetMany = Callable[[Sequence[str]], Awaitable[Mapping[str, R]]]


def _by_id(get_many: GetMany[R]) -> DataLoader[str, R | None]:
    async def load(ids: list[str]) -> list[R | None]:
        found = await get_many(list(dict.fromkeys(ids)))
        return [found.get(identifier) for identifier in ids]

    return DataLoader(load, cache=False)


@dataclass(frozen=True, slots=True)
class Loaders:
    """One loader a kind; each gives None for an id that does not exist, or is in the trash."""

    users: DataLoader[str, User | None]
    datasets: DataLoader[str, Dataset | None]
    dataset_versions: DataLoader[str, DatasetVersion | None]
    jobs: DataLoader[str, Job | None]
    bulk_predictions: DataLoader[str, BulkPrediction | None]
    models: DataLoader[str, Model | None]
    model_versions: DataLoader[str, ModelVersion | None]
    trials: DataLoader[str, Trial | None]
    comparisons: DataLoader[str, Comparison | None]
    drift_reports: DataLoader[str, DriftReport | None]
    labelling_batches: DataLoader[str, LabellingBatch | None]
    webhooks: DataLoader[str, Webhook | None]
    webhook_progress: DataLoader[str, WebhookProgress | None]
    cluster_names: DataLoader[Fallen, str | None]
    """What the clusters of texts are called now; None as in `Maps.called`."""
    waits: DataLoader[Job, Waiting | None]
    """Why a job waits; None for one that does not."""


def open_loaders(store: Store) -> Loaders:
    """Loaders over the store, for all operations of a process."""
    mongo = store.mongo
    return Loaders(
        users=_by_id(mongo.users.get_many),
        datasets=_by_id(store.live.datasets),
        dataset_versions=_by_id(store.live.dataset_versions),
        jobs=_by_id(mongo.jobs.get_many),
        bulk_predictions=_by_id(mongo.bulk_predictions.get_many),
        models=_by_id(store.live.models),
        model_versions=_by_id(store.live.model_versions),
        trials=_by_id(store.live.trials),
        comparisons=_by_id(store.live.comparisons),
        drift_reports=_by_id(store.live.drift_reports),
        labelling_batches=_by_id(store.live.labelling_batches),
        webhooks=_by_id(mongo.webhooks.get_many),
        webhook_progress=_by_id(mongo.webhook_progress.get_many),
        cluster_names=DataLoader(store.clusters.called, cache=False),
        waits=DataLoader(store.waits.explain, cache=False),
    )
