"""The embed stage done by several workers: real services, children and, where one dies, processes.

Each test leads a training up to its embed stage. The queue of trainings is paused, so that workers
in processes of their own can do nothing but help, unless a test lets one lead.
"""

from __future__ import annotations

import asyncio
import math
import os
import random
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from store.clock import now
from store.datasets.datasets import Row
from store.objects import keys
from store.records.dataset import DatasetVersion
from store.records.embed_shard import EmbedShard, EmbedShardStatus
from store.records.job import Job, JobKind, JobStatus
from store.records.training import EmbedderSpec, TrainingSpec
from store.records.worker import WorkAtHand
from store.settings import Settings
from store.store import Store
from store.training.embed_shards import texts_key, vectors_key
from tests.conftest import SECRET
from tests.workers.conftest import OWNER
from workers.attempts.attempt import Attempt
from workers.attempts.course import Course
from workers.children.isolation import Nursery
from workers.engines import engine_here, keep_engine
from workers.pipeline.arrays import Floats
from workers.pipeline.embed_shards import SHARD_TEXTS
from workers.pipeline.embedders import embedder_key, open_engine
from workers.pipeline.embedders.engine import prepared
from workers.pipeline.vectors import key_of, name_of, read_vectors
from workers.pipeline.workspace import Workspace
from workers.pipeline_worker import PipelineWorker
from workers.shards.fan_out import clear_shards
from workers.shards.helping import Help, help_once
from workers.tasks.train import Training

ROWS = 2_300
SPEC = TrainingSpec(embedder=EmbedderSpec())
KEY = embedder_key(EmbedderSpec()) or ""
LEAD, HELPER = "lead:1", "helper:1"
WORDS = (
    "rain",
    "storm",
    "oven",
    "recipe",
    "airport",
    "ticket",
    "loan",
    "invoice",
    "budget",
    "flour",
)
TRAIN = sys.modules[Training.__module__]  # its package has a function of the same name


def texts(count: int, words: int, seed: int = 3) -> list[str]:
    """Distinct, a tenth of them twice."""
    chance = random.Random(seed)
    distinct = [f"{' '.join(chance.choices(WORDS, k=words))} {n}" for n in range(count)]
    return [*distinct, *distinct[: count // 10]]


def embedded_whole(rows: list[str]) -> Floats:
    """What one embedder makes of them in one go."""
    return open_engine(EmbedderSpec(), prepared(KEY)).embed(rows).vectors


def is_as_whole(work: Workspace, rows: list[str], step: int = 20) -> bool:
    """Whether the stage left, for every 20th row, what `embedded_whole` gives."""
    return np.array_equal(work.array("embed", "vectors")[::step], embedded_whole(rows[::step]))


@pytest.fixture(scope="module")
async def nurseries() -> AsyncIterator[tuple[Nursery, Nursery]]:
    """The lead's and the helper's; their children have their imports behind them."""
    both = Nursery(), Nursery()
    for nursery in both:
        await nursery.restock()
    yield both
    for nursery in both:
        await nursery.close()


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """With leases that run out soon, and room for rows inside a request."""
    changes = {"lease_s": 6.0, "heartbeat_s": 0.5, "max_inline_bytes": 4 * 2**20}
    return settings.model_copy(update=changes)


@pytest.fixture
async def worker(store: Store, nurseries: tuple[Nursery, Nursery]) -> AsyncIterator[PipelineWorker]:
    made = PipelineWorker(store)
    made._nursery = nurseries[0]
    yield made


async def ready(store: Store, worker: PipelineWorker, rows: list[str]) -> DatasetVersion:
    """A version of the texts, and nobody who takes up trainings."""
    labelled = [Row(text=text, label=text.split()[0]) for text in rows]
    made = await store.datasets.create_from_rows(OWNER, "texts", rows=labelled)
    await worker.run_job({})
    await store.queues.pause(JobKind.TRAIN, OWNER)
    return await store.mongo.dataset_versions.get(made.version.id)


class Lead:
    """Leads one attempt at a training, up to its embed stage."""

    def __init__(self, store: Store, nursery: Nursery, folder: Path) -> None:
        self._store, self._nursery, self._folder = store, nursery, folder
        self.work = Workspace(folder)

    async def begin(self, version: DatasetVersion) -> Job:
        job = await self._store.models.start_training(OWNER, version.id, SPEC, "fanned-out")
        return await self._store.jobs.claim(job.id, LEAD)

    async def run(self, job: Job) -> Job:
        child = await self._nursery.take()
        try:
            attempt = Attempt(self._store, job, child, self._folder)
            await Course(attempt).run(self._until_embedded)
        finally:
            await self._nursery.give_back(child)
        return await self._store.mongo.jobs.get(job.id)

    async def _until_embedded(self, attempt: Attempt) -> None:
        version = await self._store.mongo.dataset_versions.get(attempt.job.dataset_version_id)
        training = Training(attempt, version, self.work)
        await training.lay_input()
        for name in ("clean", "split", "embed"):
            if not await training.take_over(name):
                await training.run(name)
        await self._store.jobs.succeed(attempt.job)


@pytest.fixture
def lead(store: Store, nurseries: tuple[Nursery, Nursery], tmp_path: Path) -> Lead:
    return Lead(store, nurseries[0], tmp_path / "lead")


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, Any]) -> AsyncIterator[asyncio.Task[Any]]:
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


async def help_on(store: Store, nursery: Nursery) -> None:
    while True:
        if not await help_once(store, nursery, HELPER):
            await asyncio.sleep(0.02)


async def shards_of(store: Store, job: Job) -> list[EmbedShard]:
    return await store.mongo.embed_shards.all_by({"job_id": job.id}, 100)


async def until(store: Store, job: Job, worker: str, status: EmbedShardStatus) -> EmbedShard:
    """The first shard that the worker has in this status."""
    while True:
        for shard in await shards_of(store, job):
            if (shard.worker, shard.status) == (worker, status):
                return shard
        await asyncio.sleep(0.01)


async def leftovers(store: Store) -> list[str]:
    found = await store.objects.list("datasets/")
    return [each.key for each in found if "/embedding/" in each.key]


@asynccontextmanager
async def worker_process(settings: Settings) -> AsyncIterator[Process]:
    """A pipeline worker in a process of its own."""
    environ = os.environ | {
        "SECRET_KEY": SECRET, "MONGO_DB_URI": settings.mongo_db_uri,
        "REDIS_URL": settings.redis_url, "SHOAL_DATABASE": settings.database,
        "SHOAL_REDIS_PREFIX": settings.redis_prefix, "SHOAL_DATA": str(settings.data),
        "SHOAL_LEASE_S": str(settings.lease_s), "SHOAL_HEARTBEAT_S": str(settings.heartbeat_s),
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "workers.pipeline_worker", env=environ
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def name_of_process(store: Store) -> str:
    """The one worker's, once it is there."""
    while not (present := await store.presence.workers()):
        await asyncio.sleep(0.05)
    return present[0].id


# -- shards and their training --------------------------------------------------------------------


async def test_two_workers_share_the_shards_and_nothing_tells_the_vectors_apart(
    store: Store, worker: PipelineWorker, lead: Lead, nurseries: tuple[Nursery, Nursery],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    rows = texts(ROWS, 6)
    version = await ready(store, worker, rows)
    clear, seen = clear_shards, []

    async def look_and_clear(attempt: Attempt) -> None:
        seen.extend(await shards_of(store, attempt.job))
        await clear(attempt)

    monkeypatch.setattr(TRAIN, "clear_shards", look_and_clear)
    job = await lead.begin(version)
    async with beside(help_on(store, nurseries[1])):
        ended = await lead.run(job)
    assert ended.status is JobStatus.SUCCEEDED
    assert {shard.worker for shard in seen} == {LEAD, HELPER}
    assert {(shard.status, shard.attempt, shard.done == shard.rows) for shard in seen} == {
        (EmbedShardStatus.DONE, 1, True)
    }
    assert [shard.rows for shard in seen].count(SHARD_TEXTS) == ROWS // SHARD_TEXTS
    assert is_as_whole(lead.work, rows, step=1)
    assert lead.work.json("embed", "counts") == {"embedded": len(rows), "cached": 0}
    stage = ended.stage("embed")
    assert (stage.done, stage.total) == (len(rows), len(rows))
    assert lead.work.times()["embed"][0] > 0.3
    assert await shards_of(store, job) == []
    assert await leftovers(store) == []
    prefix = keys.vectors(KEY, version.dataset_id)
    stored = {each.key for each in await store.objects.list(prefix)}
    assert stored == {vectors_key(shard) for shard in seen}


async def test_a_killed_helpers_shard_is_done_again_alone(
    store: Store, worker: PipelineWorker, lead: Lead, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = texts(ROWS, 6)
    version = await ready(store, worker, rows)
    seen: list[EmbedShard] = []

    async def look(attempt: Attempt) -> None:
        seen.extend(await shards_of(store, attempt.job))

    monkeypatch.setattr(TRAIN, "clear_shards", look)
    async with worker_process(store.settings) as process:
        helper = await name_of_process(store)
        job = await lead.begin(version)
        async with beside(lead.run(job)) as leading:
            lost = await until(store, job, helper, EmbedShardStatus.RUNNING)
            process.send_signal(signal.SIGKILL)
            ended = await leading
    assert ended.status is JobStatus.SUCCEEDED
    again = next(shard for shard in seen if shard.id == lost.id)
    assert (again.worker, again.attempt) == (LEAD, lost.attempt + 1)
    assert all(shard.attempt == 1 for shard in seen if shard.id != lost.id)
    assert all(shard.status is EmbedShardStatus.DONE for shard in seen)
    assert is_as_whole(lead.work, rows)


async def test_after_a_killed_lead_only_what_is_missing_is_done(
    store: Store, worker: PipelineWorker, lead: Lead
) -> None:
    rows = texts(3_600, 6)  # more than a few are left when some shards are done
    version = await ready(store, worker, rows)
    job = await store.models.start_training(OWNER, version.id, SPEC, "orphaned")
    async with worker_process(store.settings) as process:
        await store.queues.resume(JobKind.TRAIN)
        name = await name_of_process(store)
        await until(store, job, name, EmbedShardStatus.DONE)
        process.send_signal(signal.SIGKILL)
    done = {
        shard.name for shard in await shards_of(store, job)
        if await store.objects.stat(vectors_key(shard)) is not None
    }  # fmt: skip
    all_names = {shard.name for shard in await shards_of(store, job)}
    assert 0 < len(done) < len(all_names) == math.ceil(len(rows) / SHARD_TEXTS)
    past = now() - timedelta(seconds=1)
    await store.mongo.jobs.amend(job.id, lambda held: held.renewed(held.attempt, past))
    await store.jobs.sweep()
    again = await store.jobs.claim(job.id, LEAD)
    async with beside(lead.run(again)) as leading:
        left: set[str] = set()
        while not leading.done():
            planned = await shards_of(store, job)
            left |= {shard.name for shard in planned if shard.job_attempt == again.attempt}
            await asyncio.sleep(0.02)
        ended = await leading
    assert ended.status is JobStatus.SUCCEEDED
    assert left == all_names - done
    assert lead.work.json("embed", "counts") == {"embedded": len(rows), "cached": 0}
    assert is_as_whole(lead.work, rows)
    assert await shards_of(store, job) == []
    assert await leftovers(store) == []


async def test_a_cancel_stops_helpers_and_leaves_nothing_behind(
    store: Store, worker: PipelineWorker, lead: Lead, nurseries: tuple[Nursery, Nursery]
) -> None:
    version = await ready(store, worker, texts(1_900, 120))
    job = await lead.begin(version)
    helping = help_once(store, nurseries[1], HELPER)
    async with beside(lead.run(job)) as leading:
        await until(store, job, LEAD, EmbedShardStatus.RUNNING)
        async with beside(helping) as helped:
            held = await until(store, job, HELPER, EmbedShardStatus.RUNNING)
            await store.jobs.request_cancel(job.id)
            assert await helped
        assert (await leading).status is JobStatus.CANCELLED
    assert await store.objects.stat(vectors_key(held)) is None  # it did not go on to its end
    assert await store.embed_shards.sweep() == 1
    assert await shards_of(store, job) == []
    assert await leftovers(store) == []
    assert list((store.settings.data / "work").glob("*")) == []


async def test_a_stopping_helper_gives_its_shard_back(
    store: Store, worker: PipelineWorker, lead: Lead, nurseries: tuple[Nursery, Nursery]
) -> None:
    version = await ready(store, worker, texts(1_900, 60))
    job = await lead.begin(version)
    async with beside(lead.run(job)) as leading:
        await until(store, job, LEAD, EmbedShardStatus.RUNNING)
        helps: set[Help] = set()
        async with beside(help_once(store, nurseries[1], HELPER, helps)):
            held = await until(store, job, HELPER, EmbedShardStatus.RUNNING)
            while not helps:  # its record is a moment before it
                await asyncio.sleep(0.01)
            assert [each.at_hand for each in helps] == [WorkAtHand(job.id, 1, "embed")]
        assert helps == set()
        back = await store.mongo.embed_shards.get(held.id)
        assert (back.attempt, back.worker == HELPER, back.failed_on) == (held.attempt, False, ())
        await store.jobs.request_cancel(job.id)
        await leading


async def test_an_engine_that_is_damaged_fails_the_attempt_and_says_so(
    store: Store, worker: PipelineWorker, lead: Lead
) -> None:
    version = await ready(store, worker, texts(1_600, 6))
    for name, content in (("model.onnx", b"no model"), ("config.json", None)):
        path = prepared(KEY) / name
        await store.objects.put_bytes(keys.engine(KEY) + name, content or path.read_bytes())
    path = prepared(KEY) / "tokenizer.json"
    await store.objects.put_file(keys.engine(KEY) + path.name, path)
    ended = await lead.run(await lead.begin(version))
    assert ended.status is JobStatus.QUEUED
    assert ended.failure is not None
    assert (ended.failure.code, ended.failure.stage) == ("STAGE_FAILED", "embed")
    assert "model.onnx" in ended.failure.message


# -- one shard and its helper ---------------------------------------------------------------------


async def offered(store: Store, folder: Path, rows: list[str]) -> EmbedShard:
    """A shard of a training that LEAD leads, whose engine is there."""
    labelled = [Row(text=text, label="a") for text in rows]
    made = await store.datasets.create_from_rows(OWNER, "texts", rows=labelled)
    job = await store.jobs.claim(made.job.id, LEAD)  # any job that runs will do
    shard = EmbedShard.of(job, KEY, name_of(key_of(text) for text in rows), len(rows))
    path = folder / "texts.parquet"
    pq.write_table(pa.table({"text": rows}), path)
    await keep_engine(store.objects, KEY, prepared(KEY))
    await store.embed_shards.plan([shard])
    await store.objects.put_file(texts_key(shard), path)
    await store.embed_shards.offer(shard)
    return shard


async def replace_object(store: Store, key: str, content: bytes | None) -> None:
    await store.objects.delete(key)
    if content is not None:
        await store.objects.put_bytes(key, content)


async def test_a_helper_leaves_the_vectors_and_says_so(
    store: Store, nurseries: tuple[Nursery, Nursery], tmp_path: Path
) -> None:
    rows = texts(20, 6)[:20]
    shard = await offered(store, tmp_path, rows)
    assert await help_once(store, nurseries[1], HELPER)
    done = await store.mongo.embed_shards.get(shard.id)
    assert (done.status, done.worker, done.done) == (EmbedShardStatus.DONE, HELPER, 20)
    await store.objects.fetch(vectors_key(shard), tmp_path / "out" / "found.npz")
    known = read_vectors(tmp_path / "out")
    found = np.stack([known[key_of(text)][0] for text in rows])
    assert np.array_equal(found, embedded_whole(rows))
    assert not await help_once(store, nurseries[1], HELPER)


async def test_vectors_that_are_there_are_not_made_again(
    store: Store, nurseries: tuple[Nursery, Nursery], tmp_path: Path
) -> None:
    shard = await offered(store, tmp_path, texts(20, 6)[:20])
    await replace_object(store, texts_key(shard), b"not to be read")
    await store.objects.put_bytes(vectors_key(shard), b"made by another training")
    assert await help_once(store, nurseries[1], HELPER)
    done = await store.mongo.embed_shards.get(shard.id)
    assert done.status is EmbedShardStatus.DONE
    assert await store.objects.get_bytes(vectors_key(shard)) == b"made by another training"


@pytest.mark.parametrize("damage", [b"PAR1 and nothing else", None])
async def test_texts_that_cannot_be_read_are_left_to_others(
    store: Store, nurseries: tuple[Nursery, Nursery], tmp_path: Path, damage: bytes | None
) -> None:
    shard = await offered(store, tmp_path, texts(20, 6)[:20])
    await replace_object(store, texts_key(shard), damage)
    assert await help_once(store, nurseries[1], HELPER)
    back = await store.mongo.embed_shards.get(shard.id)
    assert (back.status, back.failed_on) == (EmbedShardStatus.QUEUED, (HELPER,))
    assert await store.objects.stat(vectors_key(shard)) is None
    assert not await help_once(store, nurseries[1], HELPER)
    assert await store.embed_shards.next_for("another:1") == back


async def test_without_the_engine_a_helper_leaves_the_shard_alone(
    store: Store, nurseries: tuple[Nursery, Nursery], tmp_path: Path
) -> None:
    shard = await offered(store, tmp_path, texts(20, 6)[:20])
    await store.objects.delete(f"{keys.engine(KEY)}config.json")
    assert not await help_once(store, nurseries[1], HELPER)
    queued = await store.mongo.embed_shards.get(shard.id)
    assert (queued.status, queued.attempt) == (EmbedShardStatus.QUEUED, 0)


async def test_a_damaged_copy_of_the_engine_is_fetched_anew(
    store: Store, nurseries: tuple[Nursery, Nursery], tmp_path: Path
) -> None:
    shard = await offered(store, tmp_path, texts(20, 6)[:20])
    model = await engine_here(store, KEY) / "model.onnx"
    model.unlink()
    model.write_bytes(b"no model")
    assert await help_once(store, nurseries[1], HELPER)
    assert (await store.mongo.embed_shards.get(shard.id)).failed_on == (HELPER,)
    assert await help_once(store, nurseries[1], "another:1")
    done = await store.mongo.embed_shards.get(shard.id)
    assert (done.status, done.worker) == (EmbedShardStatus.DONE, "another:1")
