"""Things that workers would make, made through the same verbs of the store."""

from __future__ import annotations

from store.records.dataset import (
    Columns,
    DataKind,
    DatasetVersion,
    LabelCount,
    Lengths,
    Problem,
    Profile,
    Shard,
)
from store.records.job import Job
from store.records.model import BundleFile, ModelVersion
from store.records.report import Cluster, Report
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec
from store.store import Store
from tests.schema.conftest import Caller

CREATE = """
mutation($input: CreateDatasetInput!) {
  createDataset(input: $input) {
    dataset { id name revision } version { id number status } job { id kind status }
    userErrors { __typename code message path }
  }
}
"""
PROFILE = Profile(
    rows=12,
    labelled_rows=12,
    labels=(LabelCount("a", 7), LabelCount("b", 5)),
    label_count=2,
    lengths=Lengths(1, 2, 3, 4, 2.5),
    duplicate_rows=1,
    conflicting_rows=0,
    empty_rows=0,
    language="en",
    language_share=0.9,
)
REPORT = Report(
    accuracy=0.9, macro_f1=0.8, ece=0.01, ece_before=0.1, temperature=1.5, c=10.0,
    sparse_view=True, train_rows=10, test_rows=2, spread_rows=0, labels_from_clusters=False,
    truncated_rows=0, embedded_rows=12, cached_rows=0, nmi=0.7, silhouette=None, noise_rows=0,
    classes=(), confusions=(), bins=(), worst_rows=(), baselines=(), stages=(),
    clusters=(Cluster(0, "fees", 12, ("fee", "card"), ("a fee",), 0.8),),
)  # fmt: skip


async def create(
    caller: Caller, name: str = "Letters", **more: object
) -> dict[str, dict[str, str]]:
    """A data set of two rows; its payload."""
    rows = [{"text": "one", "label": "a"}, {"text": "two", "label": "b"}]
    data = await caller(CREATE, input={"name": name, "rows": rows, **more})
    assert data["createDataset"]["userErrors"] == []
    return data["createDataset"]


async def make_ready(store: Store, version_id: str) -> DatasetVersion:
    """Ingest is done with the version."""
    version = await store.mongo.dataset_versions.get(version_id)
    return await store.datasets.version_ready(
        version_id,
        source=version.source,
        columns=Columns("text", "label", None, ("it is called text",)),
        shards=(Shard("shards/0.parquet", 12, 1_000, "0" * 64),),
        profile=PROFILE,
        problems=(Problem("EMPTY_ROW", "there is no text", "drop it", line=3),),
        problem_count=1,
        rejected_rows=0,
    )


async def ready_version(caller: Caller, name: str = "Letters") -> str:
    """The id of a version that can be trained on."""
    payload = await create(caller, name)
    return (await make_ready(caller.store, payload["version"]["id"])).id


async def trained(caller: Caller, name: str = "letters") -> tuple[Job, ModelVersion]:
    """A training that has succeeded, and what it made."""
    store, version_id = caller.store, await ready_version(caller)
    spec = TrainingSpec(EmbedderSpec(EmbedderKind.TFIDF))
    job = await store.models.start_training(caller.id, version_id, spec, name)
    job = await store.jobs.claim(job.id, "worker-1")
    job = await store.jobs.stage_started(job, "clean", 12)
    job = await store.jobs.stage_done(job, "clean", 12, "12 rows are clean")
    version = await store.models.add_version(
        job,
        manifest_sha256="1" * 64,
        files=(BundleFile("labels.json", "2" * 64, 10),),
        labels=("a", "b"),
        report=REPORT,
        kind=DataKind.TEXT,
    )
    await store.jobs.commit(job, version.id)
    return await store.jobs.succeed(job), version


async def published(caller: Caller, name: str = "letters") -> ModelVersion:
    """A version that answers under its model's name."""
    _, version = await trained(caller, name)
    await caller.store.models.publish(version.model_id, version.id, caller.id)
    return version
