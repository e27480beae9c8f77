"""A small labelled data set, and a worker that runs jobs in this process's loop."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator

import pytest

from store.datasets import Row
from store.ids import USER, new
from store.records.dataset import DatasetVersion, VersionStatus
from store.records.job import Job
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec
from store.store import Store
from workers.isolation import Nursery
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


@pytest.fixture(scope="session")
async def nursery() -> AsyncIterator[Nursery]:
    """Children that have their imports behind them, for worker after worker."""
    made = Nursery()
    await made.restock()
    yield made
    await made.close()


@pytest.fixture
def worker(store: Store, nursery: Nursery) -> PipelineWorker:
    made = PipelineWorker(store)
    made._nursery = nursery
    return made


async def ingested(store: Store, worker: PipelineWorker) -> DatasetVersion:
    """A READY version of `small_rows`."""
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
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, spec, "small")
    await worker.run_job({}, job.id)
    return await store.mongo.jobs.get(job.id)
