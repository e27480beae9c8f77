"""A training adds one numbered version to a family; one version of it is published."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from store import ids
from store.clock import now
from store.errors import (
    AlreadyExists,
    Conflict,
    IllegalMove,
    InvalidValue,
    NotFound,
    NotTrainable,
    StoreError,
)
from store.events import Feed
from store.naming import slug_of
from store.records.dataset import (
    Columns,
    DataKind,
    Dataset,
    DatasetVersion,
    Shard,
    SourceFile,
    VersionStatus,
)
from store.records.event import Event, EventKind
from store.records.job import Job, JobKind, JobStatus
from store.records.model import BundleFile, Model, ModelVersion
from store.records.report import Report
from store.records.training import (
    ClassifierSpec,
    ClustererKind,
    ClustererSpec,
    EmbedderKind,
    EmbedderSpec,
    SplitSpec,
    TrainingSpec,
)
from store.store import Store

OWNER, OTHER = "usr_owner", "usr_other"
REPORT = Report(
    accuracy=0.9, macro_f1=0.8, ece=0.01, ece_before=0.07, temperature=1.5, c=10.0,
    sparse_view=True, train_rows=80, test_rows=20, spread_rows=0, labels_from_clusters=False,
    truncated_rows=0, embedded_rows=100, cached_rows=0, nmi=None, silhouette=None, noise_rows=0,
    classes=(), confusions=(), bins=(), worst_rows=(), baselines=(), stages=(), clusters=(),
)  # fmt: skip


async def ready(
    store: Store, name: str = "Bank Queries", *, rows: int = 100, kind: DataKind = DataKind.TEXT
) -> DatasetVersion:
    at = now()
    dataset = Dataset(ids.new(ids.DATASET), OWNER, name, "", kind, at, at, version_count=1)
    version = DatasetVersion(
        id=ids.new(ids.DATASET_VERSION), dataset_id=dataset.id, owner_id=OWNER, number=1,
        kind=kind, source=SourceFile("k", "a.csv", 1, "abc"), columns=Columns(), created_at=at,
        status=VersionStatus.READY, shards=(Shard("key", rows, 1, "abc"),),
    )  # fmt: skip
    await store.mongo.datasets.insert(dataset)
    return await store.mongo.dataset_versions.insert(version)


async def training(store: Store, name: str | None = "banking", owner_id: str = OWNER) -> Job:
    return await store.models.start_training(
        owner_id, (await ready(store)).id, TrainingSpec(), name
    )


async def add(store: Store, job: Job, **other: Any) -> ModelVersion:
    made: dict[str, Any] = {
        "manifest_sha256": "abc", "files": (BundleFile("manifest.json", "abc", 10),),
        "labels": ("a", "b"), "report": REPORT, "kind": DataKind.TEXT,
    }  # fmt: skip
    return await store.models.add_version(job, **made | other)


async def trained(store: Store, name: str = "banking") -> ModelVersion:
    return await add(store, await training(store, name))


async def events(store: Store, model_id: str) -> list[Event]:
    return (await store.events.page(Feed.of(model_id), None, 50)).events


# -- training -------------------------------------------------------------------------------------


async def test_a_training_is_a_job_for_a_new_family(store: Store) -> None:
    version = await ready(store)
    spec = TrainingSpec(seed=7)
    job = await store.models.start_training(OWNER, version.id, spec, "banking")
    assert (job.kind, job.status, job.spec, job.owner_id) == (
        JobKind.TRAIN, JobStatus.QUEUED, spec, OWNER,
    )  # fmt: skip
    assert (job.dataset_id, job.dataset_version_id) == (version.dataset_id, version.id)
    assert await store.mongo.jobs.get(job.id) == job
    model = await store.mongo.models.get(job.model_id or "")
    assert (model.name, model.owner_id, model.version_count) == ("banking", OWNER, 0)
    assert [event.kind for event in await events(store, model.id)] == [EventKind.MODEL_CREATED]


async def test_the_same_name_is_the_same_family(store: Store) -> None:
    first, second = await training(store), await training(store)
    assert first.model_id == second.model_id
    assert await store.mongo.models.count({}) == 1


async def test_without_a_name_the_data_set_gives_it(store: Store) -> None:
    version = await ready(store, "Bänk  Queries, 2024!")
    first = await store.models.start_training(OWNER, version.id, TrainingSpec())
    again = await store.models.start_training(OWNER, version.id, TrainingSpec())
    other = await store.models.start_training(OTHER, version.id, TrainingSpec())
    models = [await store.mongo.models.get(job.model_id or "") for job in (first, again, other)]
    assert [model.name for model in models] == [
        "bank-queries-2024", "bank-queries-2024", "bank-queries-2024-2",
    ]  # fmt: skip
    assert [model.owner_id for model in models] == [OWNER, OWNER, OTHER]


@pytest.mark.parametrize(
    ("name", "slug"),
    [("Hello World", "hello-world"), ("日本", "model"), ("--a__b--", "a-b"), ("x" * 200, "x" * 75)],
)
def test_a_slug_is_made_of_any_name(name: str, slug: str) -> None:
    assert slug_of(name) == slug


async def test_a_name_of_somebody_else_is_refused(store: Store) -> None:
    await training(store, "banking", owner_id=OTHER)
    with pytest.raises(AlreadyExists, match="banking"):
        await training(store, "banking")
    assert await store.mongo.jobs.count({"owner_id": OWNER}) == 0


async def test_twins_make_one_family(store: Store) -> None:
    jobs = await asyncio.gather(*(training(store) for _ in range(5)))
    assert len({job.model_id for job in jobs}) == 1
    assert await store.mongo.models.count({}) == 1


async def test_a_version_that_cannot_be_trained_on_says_why(store: Store) -> None:
    few = await ready(store, rows=9)
    with pytest.raises(NotTrainable, match="it has 9 rows; 10 are needed"):
        await store.models.start_training(OWNER, few.id, TrainingSpec())
    enough = await ready(store, "Twelve", rows=12)
    many = TrainingSpec(clusterer=ClustererSpec(ClustererKind.KMEANS, k=13))
    with pytest.raises(InvalidValue, match="at most 12, the number of rows"):
        await store.models.start_training(OWNER, enough.id, many)
    for number, status in enumerate((VersionStatus.UPLOADED, VersionStatus.REJECTED), start=2):
        unready = replace(few, id=ids.new(ids.DATASET_VERSION), number=number, status=status)
        await store.mongo.dataset_versions.insert(unready)
        with pytest.raises(NotTrainable, match=f"version {number} is {status}, not READY"):
            await store.models.start_training(OWNER, unready.id, TrainingSpec())
    with pytest.raises(NotFound):
        await store.models.start_training(OWNER, "dsv_none", TrainingSpec())
    assert await store.mongo.jobs.count({}) == 0
    assert await store.mongo.models.count({}) == 0


@pytest.mark.parametrize(
    ("kind", "embedder", "fits"),
    [
        (DataKind.SEQUENCE, EmbedderKind.KMER, True),
        (DataKind.SEQUENCE, EmbedderKind.TFIDF, True),
        (DataKind.SEQUENCE, EmbedderKind.SENTENCE_TRANSFORMER, False),
        (DataKind.TEXT, EmbedderKind.KMER, False),
        (DataKind.TEXT, EmbedderKind.STATIC, True),
    ],
)
async def test_the_embedder_fits_the_rows(
    store: Store, kind: DataKind, embedder: EmbedderKind, fits: bool
) -> None:
    version = await ready(store, kind=kind)
    spec = TrainingSpec(embedder=EmbedderSpec(kind=embedder))
    if fits:
        assert (await store.models.start_training(OWNER, version.id, spec)).spec == spec
    else:
        with pytest.raises(NotTrainable, match=f"not {embedder}"):
            await store.models.start_training(OWNER, version.id, spec)


@pytest.mark.parametrize(
    ("spec", "field"),
    [
        (TrainingSpec(embedder=EmbedderSpec(k=2)), "embedder.k"),
        (TrainingSpec(embedder=EmbedderSpec(dimensions=1)), "embedder.dimensions"),
        (TrainingSpec(clusterer=ClustererSpec(resolution=0)), "clusterer.resolution"),
        (TrainingSpec(clusterer=ClustererSpec(resolution=float("nan"))), "clusterer.resolution"),
        (TrainingSpec(clusterer=ClustererSpec(k=1)), "clusterer.k"),
        (TrainingSpec(clusterer=ClustererSpec(min_cluster_size=1)), "clusterer.minClusterSize"),
        (TrainingSpec(classifier=ClassifierSpec(c=-1)), "classifier.c"),
        (TrainingSpec(classifier=ClassifierSpec(abstain_below=1.1)), "classifier.abstainBelow"),
        (TrainingSpec(split=SplitSpec(test_share=1)), "split.testShare"),
        (TrainingSpec(max_rows=9), "maxRows"),
        (TrainingSpec(seed=-1), "seed"),
    ],
)
async def test_a_number_out_of_range_is_named(store: Store, spec: TrainingSpec, field: str) -> None:
    version = await ready(store)
    with pytest.raises(InvalidValue) as caught:
        await store.models.start_training(OWNER, version.id, spec)
    assert caught.value.path == ["input", "spec", *field.split(".")]
    assert await store.mongo.jobs.count({}) == 0


@pytest.mark.parametrize("name", ["", "Banking", "a b", "-a", "a--b", "a_b", "x" * 81])
async def test_a_bad_model_name_is_refused(store: Store, name: str) -> None:
    with pytest.raises(InvalidValue):
        await training(store, name)
    assert await store.mongo.models.count({}) == 0


# -- versions -------------------------------------------------------------------------------------


async def test_what_a_job_made_is_kept_once(store: Store) -> None:
    job = await training(store)
    version = await add(store, job)
    assert (version.number, version.job_id, version.spec) == (1, job.id, job.spec)
    assert (version.model_id, version.owner_id) == (job.model_id, OWNER)
    assert (version.report, version.bytes) == (REPORT, 10)
    assert await add(store, job, labels=("other",)) == version
    assert await store.mongo.model_versions.get(version.id) == version
    assert await store.mongo.model_versions.count({}) == 1
    assert (await store.mongo.models.get(version.model_id)).version_count == 1


async def test_numbers_of_concurrent_trainings_are_distinct(store: Store) -> None:
    jobs = [await training(store) for _ in range(4)]
    versions = await asyncio.gather(*(add(store, job) for job in [*jobs, *jobs]))
    assert sorted({version.number for version in versions}) == [1, 2, 3, 4]
    assert len({version.id for version in versions}) == 4
    assert (await store.mongo.models.get(jobs[0].model_id or "")).version_count == 4


async def test_a_job_without_a_model_adds_nothing(store: Store) -> None:
    job = replace(await training(store), model_id=None)
    with pytest.raises(NotFound):
        await add(store, job)
    assert await store.mongo.model_versions.count({}) == 0


# -- published ------------------------------------------------------------------------------------


async def test_publishing_rolling_back_and_withdrawing(store: Store) -> None:
    first, second = await trained(store), await trained(store)
    model = await store.models.publish(first.model_id, first.id, OWNER, expected_revision=2)
    assert model.published_version_id == first.id
    assert await store.models.published() == [first]
    await store.models.publish(first.model_id, second.id, OTHER)
    assert await store.models.published() == [second]
    model = await store.models.roll_back(first.model_id, OWNER)
    assert model.published_version_id == first.id
    assert [(p.version_id, p.by) for p in model.publications] == [
        (first.id, OWNER), (second.id, OTHER), (first.id, OWNER),
    ]  # fmt: skip
    model = await store.models.withdraw(first.model_id)
    assert model.published_version_id is None
    assert await store.models.published() == []
    assert await store.mongo.models.get(first.model_id) == model

    told = (await events(store, first.model_id))[3:]
    assert [(e.kind, e.message, e.related["model_version"]) for e in told] == [
        (EventKind.MODEL_PUBLISHED, "version 1 is published", first.id),
        (EventKind.MODEL_PUBLISHED, "version 2 is published", second.id),
        (EventKind.MODEL_ROLLED_BACK, "rolled back to version 1", first.id),
        (EventKind.MODEL_WITHDRAWN, "was withdrawn", first.id),
    ]


async def test_what_may_not_be_published_changes_nothing(store: Store) -> None:
    mine, foreign = await trained(store, "mine"), await trained(store, "foreign")
    model = await store.models.publish(mine.model_id, mine.id, OWNER)
    refusals: list[tuple[type[StoreError], Any]] = [
        (NotFound, store.models.publish(mine.model_id, foreign.id, OWNER)),
        (NotFound, store.models.publish(mine.model_id, "mdv_none", OWNER)),
        (NotFound, store.models.publish("mdl_none", mine.id, OWNER)),
        (IllegalMove, store.models.publish(mine.model_id, mine.id, OWNER)),
        (IllegalMove, store.models.roll_back(mine.model_id, OWNER)),
        (IllegalMove, store.models.withdraw(foreign.model_id)),
        (NotFound, store.models.withdraw("mdl_none")),
    ]
    for error, refused in refusals:
        with pytest.raises(error):
            await refused
    assert await store.mongo.models.get(mine.model_id) == model


async def test_publishing_over_an_unseen_change_is_a_conflict(store: Store) -> None:
    version = await trained(store)
    seen = await store.mongo.models.get(version.model_id)
    await store.models.describe(version.model_id, "changed meanwhile")
    with pytest.raises(Conflict):
        await store.models.publish(
            version.model_id, version.id, OWNER, expected_revision=seen.revision
        )
    assert await store.models.published() == []


async def test_a_description_changes(store: Store) -> None:
    version = await trained(store)
    model: Model = await store.models.describe(version.model_id, " tells banking intents ")
    assert model.description == "tells banking intents"
    assert await store.mongo.models.get(version.model_id) == model
    with pytest.raises(InvalidValue):
        await store.models.describe(version.model_id, "x" * 5_001)
    assert (await events(store, version.model_id))[-1].kind is EventKind.MODEL_CHANGED
