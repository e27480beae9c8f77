"""A small labelled data set, and a worker that runs jobs in this process's loop."""

from __future__ import annotations

import atexit
import random
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar, cast

import pytest

from store.datasets.datasets import Row
from store.ids import USER, new
from store.records.dataset import DatasetVersion, VersionStatus
from store.records.job import Job
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec
from store.store import Store
from tests.workers.snapshot import Snapshot, is_empty, put, taken
from workers.children.isolation import Nursery
from workers.pipeline_worker import PipelineWorker

TOPICS = {
    "weather": ("rain", "storm", "cloud", "sunshine", "wind", "snow", "thunder", "fog"),
    "kitchen": ("oven", "recipe", "butter", "simmer", "garlic", "flour", "stew", "bake"),
    "travel": ("airport", "ticket", "luggage", "hotel", "train", "passport", "flight", "map"),
    "finance": ("loan", "interest", "deposit", "account", "invoice", "budget", "audit", "bank"),
}
FAST = TrainingSpec(embedder=EmbedderSpec(kind=EmbedderKind.TFIDF, dimensions=32))
OWNER = new(USER)


def small_rows(per_label: int = 40, seed: int = 7) -> list[tuple[str, str]]:
    """Distinct sentences with their labels, four topics that a classifier can tell apart."""
    chance = random.Random(seed)
    return [
        (f"{' '.join(chance.choices(words, k=6))} number {label[0]}{n}", label)
        for label, words in TOPICS.items()
        for n in range(per_label)
    ]


@pytest.fixture
def worker(store: Store, nursery: Nursery) -> PipelineWorker:
    return worker_with(store, nursery)


def worker_with(store: Store, nursery: Nursery) -> PipelineWorker:
    """A worker that takes its children from this nursery."""
    made = PipelineWorker(store)
    made._nursery = nursery
    return made


Made = TypeVar("Made")
_LEFT: dict[object, tuple[Snapshot, object]] = {}


async def once(store: Store, what: object, make: Callable[[], Awaitable[Made]]) -> Made:
    """What `make` makes of an empty store: made by real jobs the first time, then copied."""
    if store.settings.minio_endpoint is not None or not await is_empty(store):
        return await make()  # only files on the local volume are copied
    if what not in _LEFT:
        made = await make()
        folder = Path(tempfile.mkdtemp(prefix="shoal-left-")) / "data"
        _LEFT[what] = (await taken(store, folder), made)
        atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
        return made
    snapshot, copied = _LEFT[what]
    await put(store, snapshot)
    return cast("Made", copied)


async def ingested(store: Store, worker: PipelineWorker) -> DatasetVersion:
    """A READY version of `small_rows`."""
    return await once(store, "ingested", lambda: _ingested(store, worker))


async def _ingested(store: Store, worker: PipelineWorker) -> DatasetVersion:
    rows = [Row(text=text, label=label) for text, label in small_rows()]
    _, version, job = await store.datasets.create_from_rows(
        owner_id=OWNER, name="small", description="", rows=rows
    )
    await worker.run_job({}, job.id)
    ready = await store.mongo.dataset_versions.get(version.id)
    assert ready.status is VersionStatus.READY
    return ready


async def trained(store: Store, worker: PipelineWorker, spec: TrainingSpec = FAST) -> Job:
    """A SUCCEEDED training of `small_rows`."""
    return await once(store, ("trained", spec), lambda: _trained(store, worker, spec))


async def _trained(store: Store, worker: PipelineWorker, spec: TrainingSpec) -> Job:
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, spec, "small")
    await worker.run_job({}, job.id)
    return await store.mongo.jobs.get(job.id)
