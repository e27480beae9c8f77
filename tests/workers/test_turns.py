"""Workers that serve as they do in their processes: turns, pauses, drains, no lost wake-up."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from store.jobs.sweeper import Sweeper, SweepResult
from store.records.event import EventKind
from store.records.job import Job, JobKind, JobStatus, Priority
from store.records.queue import QueueState
from store.records.stage import StageStatus
from store.store import Store, open_store
from tests.conftest import make_settings
from tests.store.waiting import submitted
from tests.workers.conftest import FAST, OWNER, ingested, worker_with
from tests.workers.test_pipeline_worker import events_of
from workers.attempts.attempt import Attempt
from workers.children.isolation import Child, Nursery
from workers.pipeline_worker import MAX_JOBS, PipelineWorker
from workers.tasks import TASKS

# arq closes its pool by a name that redis-py has since changed
pytestmark = pytest.mark.filterwarnings("ignore:Call to deprecated close:DeprecationWarning")

Serve = Callable[[Store], Awaitable[PipelineWorker]]


@pytest.fixture
async def serve(nursery: Nursery, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Serve]:
    """Starts workers that answer rings; no sweeper mends what a ring has missed."""

    async def no_mending(self: Sweeper) -> SweepResult:
        return SweepResult()

    @asynccontextmanager
    async def serving(worker: PipelineWorker) -> AsyncIterator[PipelineWorker]:
        task = asyncio.create_task(worker.serve())
        try:
            yield worker
        finally:
            task.cancel()
            await asyncio.wait({task})

    monkeypatch.setattr(Sweeper, "sweep", no_mending)
    async with AsyncExitStack() as stack:

        async def start(store: Store) -> PipelineWorker:
            worker = await stack.enter_async_context(serving(worker_with(store, nursery)))
            while not await store.redis.exists(f"{store.settings.redis_prefix}:workers"):
                await asyncio.sleep(0.01)
            return worker

        yield start


@pytest.fixture
async def one_at_a_time(mongo_uri: str, redis_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    settings = make_settings(mongo_uri, redis_url, tmp_path, max_running={JobKind.TRAIN: 1})
    async with open_store(settings) as store:
        yield store


class Gate:
    """A task that lasts until the test lets it end."""

    def __init__(self) -> None:
        self.running: list[str] = []
        self.most = 0
        self._may_end: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def task(self, attempt: Attempt) -> None:
        self.running.append(attempt.job.id)
        self.most = max(self.most, len(self.running))
        try:
            await self._may_end[attempt.job.id].wait()
        finally:
            self.running.remove(attempt.job.id)
        await attempt.succeed()

    def let_end(self, *jobs: Job) -> None:
        for job in jobs:
            self._may_end[job.id].set()

    async def until(self, *jobs: Job) -> None:
        """Just these run."""
        while sorted(self.running) != sorted(job.id for job in jobs):
            await asyncio.sleep(0.01)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    for kind in JobKind:
        monkeypatch.setitem(TASKS, kind, made.task)
    return made


async def until_ended(store: Store, *jobs: Job) -> None:
    for job in jobs:
        while not (await store.mongo.jobs.get(job.id)).status.is_terminal:
            await asyncio.sleep(0.02)


async def test_a_slot_that_is_free_takes_the_next_at_once(
    store: Store, serve: Serve, gate: Gate
) -> None:
    jobs = [await submitted(store) for _ in range(5)]
    await serve(store)
    for n in range(4):
        await gate.until(*jobs[n : n + 2])
        gate.let_end(jobs[n])
    gate.let_end(jobs[4])
    await until_ended(store, *jobs)
    assert gate.most == MAX_JOBS
    ended = [await store.mongo.jobs.get(job.id) for job in jobs]
    assert {(job.status, job.attempt) for job in ended} == {(JobStatus.SUCCEEDED, 1)}


async def test_a_free_limit_is_used_by_whoever_is_idle(
    one_at_a_time: Store, serve: Serve, gate: Gate
) -> None:
    """The slot that ends a training takes an ingest, so it must ring for the next training."""
    store = one_at_a_time
    busy = [await submitted(store), await submitted(store, kind=JobKind.INGEST)]
    await serve(store)
    await gate.until(*busy)
    await store.queues.pause(JobKind.INGEST, OWNER)
    urgent = await submitted(store, kind=JobKind.INGEST, priority=Priority.HIGH)
    training = await submitted(store)
    await serve(store)
    while await store.redis.zcard(f"{store.settings.redis_prefix}:pipeline"):
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)  # all have looked, and found nothing
    await store.mongo.queues.amend("INGEST", QueueState.resumed)  # and nobody rings for it
    gate.let_end(busy[0])
    await gate.until(busy[1], urgent, training)
    gate.let_end(busy[1], urgent, training)
    await until_ended(store, *busy, urgent, training)


async def test_a_paused_queue_rests_until_it_is_resumed(
    store: Store, serve: Serve, gate: Gate
) -> None:
    running = await submitted(store)
    await serve(store)
    await gate.until(running)
    await store.queues.pause(JobKind.TRAIN, OWNER, "an upgrade")
    waiting, ingest = await submitted(store), await submitted(store, kind=JobKind.INGEST)
    await gate.until(running, ingest)  # what runs goes on, other queues as well
    gate.let_end(running, ingest)
    await until_ended(store, running, ingest)
    assert gate.running == []
    assert (await store.mongo.jobs.get(waiting.id)).status is JobStatus.QUEUED
    await store.queues.resume(JobKind.TRAIN)
    await gate.until(waiting)
    gate.let_end(waiting)
    await until_ended(store, waiting)


async def test_a_drained_training_goes_on_after_its_last_finished_stage(
    store: Store, worker: PipelineWorker, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = await ingested(store, worker)
    job = await store.models.start_training(OWNER, version.id, FAST, "drained")
    run = Child.run

    async def drain_at_fit(self: Child, request: dict[str, object], *more: object) -> object:
        if request.get("stage") == "fit" and not await store.mongo.queues.count({}):
            await store.queues.drain(JobKind.TRAIN, OWNER)
            await asyncio.sleep(60)
        return await run(self, request, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Child, "run", drain_at_fit)
    await worker.run_job({})
    back = await store.mongo.jobs.get(job.id)
    assert (back.status, back.attempt, back.failures) == (JobStatus.QUEUED, 1, 0)
    assert (back.failure, back.worker) == (None, None)
    assert back.stage("embed").status is StageStatus.DONE
    await serve(store)
    await store.queues.resume(JobKind.TRAIN)
    await until_ended(store, job)
    ended = await store.mongo.jobs.get(job.id)
    assert (ended.status, ended.attempt) == (JobStatus.SUCCEEDED, 2)
    assert [ended.stage(name).attempt for name in ("embed", "fit")] == [1, 2]
    kinds = [event.kind for event in await events_of(store, job)]
    assert kinds.count(EventKind.JOB_RETRIED) == 1
    assert EventKind.JOB_FAILED not in kinds


async def test_a_stopping_worker_leaves_the_rest_to_others(
    store: Store, worker: PipelineWorker, gate: Gate
) -> None:
    held, waiting = await submitted(store), await submitted(store)
    answering = asyncio.create_task(worker.run_job({}))
    await gate.until(held)
    answering.cancel()
    await asyncio.wait({answering})
    for job in (held, waiting):
        assert (await store.mongo.jobs.get(job.id)).status is JobStatus.QUEUED


@pytest.mark.parametrize("steps", range(0, 60, 6))
async def test_a_worker_that_stops_while_it_claims_keeps_nothing(
    store: Store, worker: PipelineWorker, gate: Gate, steps: int
) -> None:
    job = await submitted(store)
    answering = asyncio.create_task(worker.run_job({}))
    for _ in range(steps):
        await asyncio.sleep(0.001)
    answering.cancel()
    await asyncio.wait({answering})
    assert (await store.mongo.jobs.get(job.id)).status is JobStatus.QUEUED
    assert job.id in await store.queue.tickets.all()


async def test_a_ring_whose_worker_died_rings_again(
    store: Store, serve: Serve, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It died after it heard the ring and before it took the job."""
    monkeypatch.setattr("workers.pipeline_worker.RING_LOST_S", 0.3)
    job = await submitted(store)
    (ring,) = await store.redis.zrange(f"{store.settings.redis_prefix}:pipeline", 0, -1)
    await store.redis.psetex(f"arq:in-progress:{ring.decode()}", 300, b"1")
    await serve(store)
    await gate.until(job)
    gate.let_end(job)
    await until_ended(store, job)
