"""From a version to an index that a real inference worker answers from, and back to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from store.datasets.datasets import Row
from store.errors import IllegalMove, InvalidValue, Refused
from store.objects import keys
from store.records.dataset import DataKind, DatasetVersion
from store.records.index import IndexStatus, SearchIndex
from store.records.job import Job, JobKind, JobStatus, Priority
from store.records.search import Query, RowFilter, SearchMode
from store.records.stage import StageStatus
from store.records.training import EmbedderKind, EmbedderSpec, TrainingSpec
from store.store import Store
from tests.workers.conftest import FAST, OWNER, ingested, trained
from workers.inference_worker import InferenceWorker
from workers.pipeline_worker import PipelineWorker


@asynccontextmanager
async def serving(store: Store) -> AsyncIterator[None]:
    task = asyncio.create_task(InferenceWorker(store).serve())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def indexed(
    store: Store, worker: PipelineWorker, version: DatasetVersion, embedder: EmbedderSpec
) -> SearchIndex:
    asked = await store.search.build(OWNER, version.id, embedder)
    await worker.run_job({}, asked.job_id)
    [index] = await store.search.indexes(version.id)
    assert index.status is IndexStatus.READY, await store.mongo.jobs.get(index.job_id)
    return index


async def job_of(store: Store, index: SearchIndex) -> Job:
    return await store.mongo.jobs.get(index.job_id)


async def test_a_training_makes_its_data_searchable_and_the_rows_are_found(
    store: Store, worker: PipelineWorker
) -> None:
    training = await trained(store, worker)
    [index] = await store.search.indexes(training.dataset_version_id)
    job = await job_of(store, index)
    assert (job.kind, job.priority, job.status) == (
        JobKind.INDEX, Priority.LOW, JobStatus.SUCCEEDED,
    )  # fmt: skip
    assert index.built is not None
    assert (index.built.rows, index.built.approximate, index.built.recall) == (160, False, 1.0)
    objects = await store.objects.list(keys.index(index.dataset_id, index.id))
    assert {each.key.startswith(index.built.prefix) for each in objects} == {True}
    async with serving(store):
        for mode in SearchMode:
            answer = await store.search.ask(index, "thunder and fog", Query(mode, first=5))
            assert {hit.label for hit in answer.hits} == {"weather"}, mode
            assert [hit.rank for hit in answer.hits] == [1, 2, 3, 4, 5]
        words = Query(SearchMode.KEYWORD, filter=RowFilter(labels=("kitchen",)))
        assert (await store.search.ask(index, "thunder", words)).hits == ()
        like = await store.search.ask(index, "", Query(SearchMode.SEMANTIC, like_row=0))
        assert 0 not in [hit.row for hit in like.hits]
        assert {hit.label for hit in like.hits} == {"weather"}
        with pytest.raises(Refused) as caught:
            await store.search.ask(index, "", Query(like_row=99_999))
        assert caught.value.code == "NO_SUCH_ROW"


async def test_the_same_text_finds_the_same_alone_and_beside_others(
    store: Store, worker: PipelineWorker
) -> None:
    version = await ingested(store, worker)
    index = await indexed(store, worker, version, FAST.embedder)
    texts = [f"{word} and more" for word in ("rain", "oven", "hotel", "audit", "storm")]
    async with serving(store):
        together = await asyncio.gather(*(store.search.ask(index, text, Query()) for text in texts))
        alone = [await store.search.ask(index, text, Query()) for text in texts]
    assert together == alone


async def test_asked_for_by_many_it_is_built_once(store: Store, worker: PipelineWorker) -> None:
    version = await ingested(store, worker)
    asked = [store.search.build(OWNER, version.id, FAST.embedder) for _ in range(5)]
    assert len({index.job_id for index in await asyncio.gather(*asked)}) == 1
    index = await indexed(store, worker, version, FAST.embedder)
    assert await store.search.build(OWNER, version.id, FAST.embedder) == index
    assert await store.mongo.jobs.count({"kind": JobKind.INDEX.value}) == 1


async def test_a_cancelled_build_is_begun_anew_and_retried(
    store: Store, worker: PipelineWorker
) -> None:
    version = await ingested(store, worker)
    first = await store.search.build(OWNER, version.id, FAST.embedder)
    await store.jobs.request_cancel(first.job_id)
    retried = await store.mending.retry(first.job_id)
    assert (retried.kind, retried.retry_of) == (JobKind.INDEX, first.job_id)
    await worker.run_job({}, retried.id)
    [index] = await store.search.indexes(version.id)
    assert (index.status, index.job_id) == (IndexStatus.READY, retried.id)


async def test_what_a_training_embedded_is_not_embedded_again(
    store: Store, worker: PipelineWorker
) -> None:
    static = EmbedderSpec(EmbedderKind.KMER, k=4)
    version = await sequences(store, worker)
    await indexed(store, worker, version, static)
    [index] = await store.search.indexes(version.id)
    before = (await job_of(store, index)).stage("embed")
    assert (before.done, before.fresh) == (12, 12)
    grown = await store.datasets.append_rows(version.dataset_id, rows=[Row(text="ACGT" * 30)])
    await worker.run_job({}, grown.job.id)
    again = await indexed(store, worker, grown.version, static)
    stage = (await job_of(store, again)).stage("embed")
    assert (stage.status, stage.done, stage.fresh) == (StageStatus.DONE, 13, 1)


async def test_sequences_are_found_by_their_k_mers(store: Store, worker: PipelineWorker) -> None:
    version = await sequences(store, worker)
    index = await indexed(store, worker, version, EmbedderSpec(EmbedderKind.KMER, k=4))
    async with serving(store):
        asked = "acgtt-" * 12  # in small letters and with gaps, as an alignment has them
        answer = await store.search.ask(index, asked, Query(first=3))
        assert {hit.label for hit in answer.hits} == {"one"}
        assert (answer.hits[0].keyword, answer.total) == (None, 12)
        assert (await store.search.ask(index, "ACGT", Query(SearchMode.KEYWORD))).hits == ()


async def sequences(store: Store, worker: PipelineWorker) -> DatasetVersion:
    parts = {"one": "ACGTT", "two": "GGCAT", "three": "TTGCA"}
    rows = [
        Row(text=part * 20 + "A" * n, label=label)
        for label, part in parts.items() for n in range(4)
    ]  # fmt: skip
    made = await store.datasets.create_from_rows(OWNER, "genes", rows=rows, kind=DataKind.SEQUENCE)
    await worker.run_job({}, made.job.id)
    return await store.mongo.dataset_versions.get(made.version.id)


async def test_what_cannot_be_indexed_is_refused_at_once(
    store: Store, worker: PipelineWorker
) -> None:
    version = await ingested(store, worker)
    with pytest.raises(InvalidValue) as caught:
        await store.search.build(OWNER, version.id, EmbedderSpec(EmbedderKind.KMER))
    assert caught.value.path == ["input", "embedder", "kind"]
    with pytest.raises(InvalidValue):
        await store.search.build(OWNER, version.id, replace(FAST.embedder, dimensions=1))
    rows = [Row(text="x", label="a")]
    fresh = await store.datasets.create_from_rows(OWNER, "unread", rows=rows)
    with pytest.raises(IllegalMove):
        await store.search.build(OWNER, fresh.version.id)
    assert await store.mongo.search_indexes.count({}) == 0


async def test_a_sample_is_not_followed_by_an_index(store: Store, worker: PipelineWorker) -> None:
    sample = TrainingSpec(embedder=FAST.embedder, max_rows=100)
    assert (await trained(store, worker, sample)).status is JobStatus.SUCCEEDED
    assert await store.mongo.search_indexes.count({}) == 0


async def test_a_damaged_index_is_refused_and_whole_again_when_it_is_mended(
    store: Store, worker: PipelineWorker
) -> None:
    index = await indexed(store, worker, await ingested(store, worker), FAST.embedder)
    assert index.built is not None
    key = f"{index.built.prefix}vectors.npy"
    whole = await store.objects.get_bytes(key)
    await store.objects.delete(key)
    await store.objects.put_bytes(key, whole[:-1] + bytes([whole[-1] ^ 1]))
    async with serving(store):
        with pytest.raises(Refused) as caught:
            await store.search.ask(index, "rain", Query())
        assert caught.value.code == "INDEX_UNAVAILABLE"
        await store.objects.delete(key)
        await store.objects.put_bytes(key, whole)
        assert (await store.search.ask(index, "rain", Query())).hits


async def test_an_index_that_is_being_built_is_no_reason_not_to_delete(
    store: Store, worker: PipelineWorker
) -> None:
    version = await ingested(store, worker)
    waiting = await store.search.build(OWNER, version.id, FAST.embedder)
    running = await store.search.build(OWNER, version.id, replace(FAST.embedder, dimensions=8))
    held = await store.jobs.claim(running.job_id, "another")
    await store.trash.put(version.dataset_id, OWNER)
    assert (await job_of(store, waiting)).status is JobStatus.CANCELLED
    assert (await job_of(store, running)).status is JobStatus.CANCELLING
    purge = await store.trash.purge(version.dataset_id)
    purging = asyncio.create_task(worker.run_job({}, purge.id))
    await asyncio.sleep(0.5)
    await store.jobs.acknowledge_cancel(held)
    await purging
    assert (await store.mongo.jobs.get(purge.id)).status is JobStatus.SUCCEEDED
    assert await store.mongo.search_indexes.count({}) == 0


async def test_what_is_deleted_is_found_by_nobody_and_frees_its_bytes(
    store: Store, worker: PipelineWorker
) -> None:
    index = await indexed(store, worker, await ingested(store, worker), FAST.embedder)
    folder = store.settings.data / "indexes" / index.id
    async with serving(store):
        [hit] = (await store.search.ask(index, "rain and fog", Query(first=1))).hits
        assert folder.is_dir()
        await store.trash.put(index.dataset_id, OWNER)
        while folder.exists():
            await asyncio.sleep(0.05)
        with pytest.raises(Refused):
            await store.search.ask(index, "rain and fog", Query(first=1))
        await store.trash.restore(index.dataset_id)
        assert (await store.search.ask(index, "rain and fog", Query(first=1))).hits == (hit,)
        await store.trash.put(index.dataset_id, OWNER)
        job = await store.trash.purge(index.dataset_id)
        await worker.run_job({}, job.id)
    assert (await store.mongo.jobs.get(job.id)).status is JobStatus.SUCCEEDED
    assert await store.objects.list(keys.index(index.dataset_id, index.id)) == ()
    assert await store.mongo.search_indexes.count({}) == 0
