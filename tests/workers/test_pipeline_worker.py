"""Jobs from their record to their end, on real services and a real child process."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from store.answers.bulk import folder_of, of_job
from store.datasets.datasets import Row
from store.events import CaughtUp, Feed
from store.jobs import retries
from store.records.bulk import BulkSpec
from store.records.dataset import VersionStatus
from store.records.event import Event, EventKind
from store.records.job import Job, JobStatus
from store.records.stage import StageStatus
from store.records.training import ClustererKind, ClustererSpec, TrainingSpec
from store.store import Store, open_store
from tests.conftest import S3_KEY, S3_SECRET, make_settings
from tests.workers.conftest import FAST, OWNER, ingested, small_rows, trained, worker_with
from workers.attempts.attempt import Attempt
from workers.children.isolation import Child, Nursery
from workers.inference.served import Served
from workers.pipeline_worker import PipelineWorker


async def events_of(store: Store, job: Job) -> list[Event]:
    past = []
    async for item in store.events.follow(Feed.of(job.id), None):
        if isinstance(item, CaughtUp):
            return past
        assert isinstance(item, Event)
        past.append(item)
    return past


async def test_ingest_makes_a_ready_version(store: Store, worker: PipelineWorker) -> None:
    version = await ingested(store, worker)
    assert version.rows == len(small_rows())
    assert version.columns.text == "text"
    assert version.profile is not None
    assert {count.label for count in version.profile.labels} == {
        "weather", "kitchen", "travel", "finance",
    }  # fmt: skip
    for shard in version.shards:
        assert await store.objects.stat(shard.object_key) is not None


async def test_a_refused_file_rejects_the_version_and_fails_the_job(
    store: Store, worker: PipelineWorker
) -> None:
    version = await ingested(store, worker)
    broken = replace(version, id=version.id + "x", number=2, status=VersionStatus.UPLOADED)
    key = "uploads/broken/raw"
    await store.objects.put_bytes(key, b"")
    broken = replace(broken, source=replace(broken.source, object_key=key, format=None))
    await store.mongo.dataset_versions.insert(broken)
    job = await store.jobs.submit(
        replace(
            await store.mongo.jobs.get(version.job_id or ""),
            id="job_broken",
            status=JobStatus.QUEUED,
            attempt=0,
            dataset_version_id=broken.id,
            ended_at=None,
        )
    )
    await worker.run_job({}, job.id)
    ended = await store.mongo.jobs.get(job.id)
    assert ended.status is JobStatus.FAILED
    assert ended.failure is not None
    assert not ended.failure.retryable
    rejected = await store.mongo.dataset_versions.get(broken.id)
    assert rejected.status is VersionStatus.REJECTED
    assert rejected.problems


async def test_a_file_that_kills_its_reader_each_time_is_rejected(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(retries.RULES, "CHILD_DIED", retries.Rule(0, 0, 0))
    stage = Attempt.stage

    async def kill(self: Attempt, *arguments: Any) -> Any:
        self.child.kill()
        return await stage(self, *arguments)

    monkeypatch.setattr(Attempt, "stage", kill)
    rows = [Row(text="a text", label="a")]
    made = await store.datasets.create_from_rows(OWNER, "deadly", rows=rows)
    await worker.run_job({}, made.job.id)
    assert (await store.mongo.jobs.get(made.job.id)).status is JobStatus.FAILED
    version = await store.mongo.dataset_versions.get(made.version.id)
    assert version.status is VersionStatus.REJECTED
    assert version.problems[0].code == "READER_FAILED"


async def test_training_makes_one_version_and_tells_every_stage(
    store: Store, worker: PipelineWorker
) -> None:
    job = await trained(store, worker)
    assert job.status is JobStatus.SUCCEEDED
    assert all(stage.status is StageStatus.DONE for stage in job.stages)
    version = await store.mongo.model_versions.get(job.model_version_id or "")
    assert version.report.accuracy > 0.9
    assert set(version.labels) == {"weather", "kitchen", "travel", "finance"}
    kinds = [event.kind for event in await events_of(store, job)]
    assert kinds[0] is EventKind.JOB_QUEUED
    assert kinds[-1] is EventKind.JOB_SUCCEEDED
    assert kinds.count(EventKind.STAGE_DONE) == len(job.stages)


async def test_a_job_is_run_once_however_often_the_bell_rings(
    store: Store, worker: PipelineWorker
) -> None:
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, FAST, "once")
    await asyncio.gather(*(worker.run_job({}, job.id) for _ in range(3)))
    ended = await store.mongo.jobs.get(job.id)
    assert (ended.status, ended.attempt) == (JobStatus.SUCCEEDED, 1)
    assert len(await store.mongo.model_versions.all_by({"job_id": job.id}, 10)) == 1


async def test_a_second_training_with_another_clusterer_only_clusters(
    store: Store, worker: PipelineWorker
) -> None:
    spec = TrainingSpec()
    first = await trained(store, worker, spec)
    first_version = await store.mongo.model_versions.get(first.model_version_id or "")
    other = replace(spec, clusterer=ClustererSpec(kind=ClustererKind.KMEANS, k=4))
    job = await store.models.start_training(OWNER, first.dataset_version_id, other, "small")
    await worker.run_job({}, job.id)
    again = await store.mongo.jobs.get(job.id)
    version = await store.mongo.model_versions.get(again.model_version_id or "")
    assert version.number == 2
    assert version.report.embedded_rows == 0
    assert version.report.cached_rows == first_version.report.embedded_rows
    assert version.report.accuracy == first_version.report.accuracy
    assert len(version.report.clusters) == 4
    kept = {stage.name for stage in again.stages if stage.summary.endswith("(kept)")}
    assert kept == {"clean", "split", "embed", "project", "fit", "calibrate", "evaluate"}


async def test_a_killed_child_sends_the_job_back_and_finished_stages_are_kept(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, FAST, "again")
    stage = Attempt.stage

    async def kill_at_cluster(self: Attempt, name: str, *more: object) -> object:
        if name == "cluster" and self.job.attempt == 1:
            self.child.kill()
        return await stage(self, name, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Attempt, "stage", kill_at_cluster)
    await worker.run_job({}, job.id)
    queued = await store.mongo.jobs.get(job.id)
    assert queued.status is JobStatus.QUEUED
    assert queued.failure is not None
    assert queued.failure.code == "CHILD_DIED"
    due = await store.mongo.jobs.amend(job.id, lambda held: replace(held, not_before=None))
    await store.queue.enqueue(due)
    await worker.run_job({}, job.id)
    ended = await store.mongo.jobs.get(job.id)
    assert (ended.status, ended.attempt) == (JobStatus.SUCCEEDED, 2)
    assert [ended.stage(name).attempt for name in ("embed", "cluster")] == [1, 2]


async def test_cancelled_while_running_it_stays_cancelled(
    store: Store, worker: PipelineWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, FAST, "stopped")
    run = Child.run

    async def cancel_first(self: Child, request: dict[str, object], *more: object) -> object:
        if request.get("stage") == "fit":
            await store.jobs.request_cancel(job.id)
            await asyncio.sleep(1)
        return await run(self, request, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Child, "run", cancel_first)
    await worker.run_job({}, job.id)
    ended = await store.mongo.jobs.get(job.id)
    assert ended.status is JobStatus.CANCELLED
    assert ended.model_version_id is None
    await worker.run_job({}, job.id)
    assert (await store.mongo.jobs.get(job.id)).status is JobStatus.CANCELLED


async def test_a_stopping_worker_hands_its_job_back(store: Store, worker: PipelineWorker) -> None:
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, FAST, "handed-back")
    running = asyncio.create_task(worker.run_job({}, job.id))
    while (await store.mongo.jobs.get(job.id)).status is not JobStatus.RUNNING:
        await asyncio.sleep(0.02)
    running.cancel()
    await asyncio.wait({running})
    back = await store.mongo.jobs.get(job.id)
    assert (back.status, back.failure) == (JobStatus.QUEUED, None)


async def test_an_attempt_that_lost_its_lease_writes_nothing(
    store: Store, worker: PipelineWorker
) -> None:
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, FAST, "stale")
    running = asyncio.create_task(worker.run_job({}, job.id))
    while (await store.mongo.jobs.get(job.id)).status is not JobStatus.RUNNING:
        await asyncio.sleep(0.02)
    await store.mongo.jobs.amend(job.id, lambda held: held.requeued(held.attempt))
    await store.jobs.claim(job.id, "another")
    await running
    held = await store.mongo.jobs.get(job.id)
    assert (held.status, held.attempt, held.worker) == (JobStatus.RUNNING, 2, "another")


async def test_with_files_in_s3_a_job_is_trained_resumed_and_served(
    s3_endpoint: str, mongo_uri: str, redis_url: str, tmp_path: Path, nursery: Nursery
) -> None:
    settings = make_settings(
        mongo_uri, redis_url, tmp_path, MINIO_ENDPOINT=s3_endpoint, MINIO_ACCESS_KEY=S3_KEY,
        MINIO_SECRET_KEY=S3_SECRET, bucket="workers",
    )  # fmt: skip
    async with open_store(settings) as store:
        worker = worker_with(store, nursery)
        first = await trained(store, worker)
        job = await store.models.start_training(OWNER, first.dataset_version_id, FAST, "again")
        await worker.run_job({}, job.id)
        made, source = first.model_version_id or "", first.dataset_version_id
        asked = await store.bulk.start(OWNER, made, BulkSpec(), dataset_version_id=source)
        await worker.run_job({}, asked.id)
        left = await store.mongo.bulk_predictions.get(of_job(asked.id))
        kept = await store.objects.list(folder_of(asked))
        assert [(each.key, each.size) for each in kept] == [(left.object_key, left.bytes)]
        again = await store.mongo.jobs.get(job.id)
        assert (first.status, again.status) == (JobStatus.SUCCEEDED, JobStatus.SUCCEEDED)
        assert again.stage("fit").summary.endswith("(kept)")
        bundle = await Served(store).get(again.model_version_id or "")
        assert bundle.answer(["snow and wind"], 1, 0)[0].label == "weather"
