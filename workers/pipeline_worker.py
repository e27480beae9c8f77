"""The process that runs jobs: arq rings, the job records decide.

A ring says that there is something to do. Whoever answers it takes the job whose turn it is, or
helps another's, again and again until there is nothing left. So a ring that comes twice or late
costs a look, and a ring that never comes is mended by the sweeper that every worker runs.
"""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, cast

import structlog
from arq.typing import WorkerCoroutine
from arq.worker import Worker, func
from redis.exceptions import RedisError

from store.errors import StoreError, Unavailable
from store.jobs.queue import (
    SHARD_TASK,
    TASK,
    job_deserializer,
    job_serializer,
    queue_name,
    redis_settings,
)
from store.records.job import Job
from store.records.worker import WorkAtHand, WorkerKind
from store.settings import Settings
from store.store import Store, open_store
from workers.attempts import scratch
from workers.attempts.attempt import Attempt
from workers.attempts.course import Course
from workers.children.isolation import Child, Nursery
from workers.presence import present
from workers.process import run, run_until_signalled, worker_name
from workers.shards import helping
from workers.tasks import TASKS

MAX_JOBS = 2
SWEEP_INTERVAL_S = 2.0
LOOK_INTERVAL_S = 0.5
FOREVER_S = 10 * 365 * 24 * 3600
RING_LOST_S = 5
Held = tuple[Job, Child]
log = structlog.get_logger()


class PipelineWorker:
    """Runs up to MAX_JOBS attempts side by side, each with a child process of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._nursery = Nursery(MAX_JOBS)
        self._running: set[Attempt] = set()
        self._helps: set[helping.Help] = set()
        self.name = worker_name()

    async def run_job(self, ring: dict[Any, Any], *_: str) -> None:
        """Answer a ring: work until nothing is left to do here, or until this worker stops."""
        try:
            if "job_id" in ring:  # arq's word for the ring itself
                await self._store.queue.answered(ring["job_id"])
            while await self._work() and not _is_stopping():
                pass
        except Unavailable as fault:  # the sweeper rings when it is back
            log.warning("the queue is out of reach", reason=str(fault))

    async def _work(self) -> bool:
        """One attempt at the job whose turn it is, or else some help; whether there was any."""
        held = await self._whole(self._claim())
        if held is None:
            return await helping.help_once(self._store, self._nursery, self.name, self._helps)
        job, child = held
        with structlog.contextvars.bound_contextvars(
            job=job.id, attempt=job.attempt, owner=job.owner_id
        ):
            await self._attempt(job, child)
        return True

    async def _claim(self) -> Held | None:
        job = await self._store.jobs.claim_next(self.name)
        return (job, await self._nursery.take()) if job else None

    async def _whole(self, claim: Coroutine[None, None, Held | None]) -> Held | None:
        """A claim is not cut off: what it took while this worker stops is for others to do."""
        claiming = asyncio.create_task(claim)
        try:
            return await asyncio.shield(claiming)
        except asyncio.CancelledError:
            held = await claiming
            if held is not None:
                await self._store.jobs.requeue(held[0], None)
                await self._nursery.give_back(held[1])
            raise

    async def _attempt(self, job: Job, child: Child) -> None:
        folder = scratch.scratch_folder(self._store.settings, f"{job.id}-{job.attempt}")
        attempt = Attempt(self._store, job, child, folder)
        self._running.add(attempt)
        try:
            await Course(attempt).run(TASKS[job.kind])
        finally:
            self._running.discard(attempt)
            await self._nursery.give_back(child)
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def serve(self) -> None:
        """Answer rings until cancelled, through any outage of Redis."""
        async with present(self._store, WorkerKind.PIPELINE, slots=MAX_JOBS, jobs=self._at_hand):
            await self._serve()

    def _at_hand(self) -> tuple[WorkAtHand, ...]:
        own = (attempt.at_hand for attempt in self._running)
        others = (each.at_hand for each in self._helps)
        return tuple(sorted((*own, *others), key=lambda work: work.job_id))

    async def _serve(self) -> None:
        await self._nursery.restock()
        store = self._store
        sweeps = (
            store.jobs.sweep,
            store.job_logs.sweep,
            store.embed_shards.sweep,
            store.uploads.sweep,
            store.trash.sweep,
            store.bulk.sweep,
            store.drift.sweep,
            store.presence.tidy,
            store.storage.measure,
            store.retention.sweep,
            store.objects.tidy,
            partial(scratch.tidy, store.settings),
            self._nursery.restock,
        )
        sweeping = [asyncio.create_task(self._forever(sweep)) for sweep in sweeps]
        sweeping.append(asyncio.create_task(self._forever(self._help, LOOK_INTERVAL_S)))
        bell = self._bell()
        try:
            while True:
                try:
                    await bell.main()
                except (RedisError, OSError) as fault:
                    log.warning("the queue is out of reach", reason=str(fault))
                    await asyncio.sleep(1)
        finally:
            for each in sweeping:
                each.cancel()
            await asyncio.wait(sweeping)
            await _silence(bell)
            await self.close()

    async def _help(self) -> None:
        """Shards whose rings went to workers that had their hands full."""
        while len(self._running) + len(self._helps) < MAX_JOBS:
            if not await helping.help_once(self._store, self._nursery, self.name, self._helps):
                return

    async def _forever(
        self, sweep: Callable[[], Awaitable[object]], interval_s: float = SWEEP_INTERVAL_S
    ) -> None:
        """Mend for all workers what one alone has noticed; the next time may go better."""
        while True:
            try:
                await sweep()
            except StoreError as fault:
                log.warning("sweep failed", reason=str(fault))
            await asyncio.sleep(interval_s)

    async def close(self) -> None:
        """End the spare children; attempts end their own."""
        await self._nursery.close()

    def _bell(self) -> Worker:
        bell = Worker(
            functions=[
                func(cast(WorkerCoroutine, self.run_job), name=name) for name in (TASK, SHARD_TASK)
            ],
            queue_name=queue_name(self._store.settings),
            redis_settings=redis_settings(self._store.settings),
            max_jobs=MAX_JOBS,
            job_timeout=FOREVER_S,  # the lease ends an attempt, not a clock
            keep_result=0,
            max_tries=1_000_000,  # the record counts attempts
            retry_jobs=False,
            poll_delay=0.05,
            handle_signals=False,
            job_serializer=job_serializer,
            job_deserializer=job_deserializer,
            log_results=False,
        )
        # a ring is taken away when it is answered; one whose worker died before that rings again
        bell.in_progress_timeout_s = RING_LOST_S
        return bell


async def _silence(bell: Worker) -> None:
    """End its tasks first: arq's own closing stops half-way when one of them was cut off."""
    answering = set(bell.tasks.values())
    for task in answering:
        task.cancel()
    if answering:
        await asyncio.wait(answering)
    bell.tasks.clear()
    try:
        await bell.close()
    except (RedisError, OSError) as fault:
        log.warning("the queue is out of reach", reason=str(fault))


def _is_stopping() -> bool:
    """Whether this task was cancelled, though an attempt that handed its job back ended well."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


async def main(settings: Settings) -> None:
    """Open the store and serve until a signal ends it."""
    async with open_store(settings) as store:
        worker = PipelineWorker(store)
        log.info("pipeline worker started", worker=worker.name)
        await run_until_signalled(asyncio.create_task(worker.serve()))
    log.info("pipeline worker stopped", worker=worker.name)


if __name__ == "__main__":
    run("shoal-pipeline-worker", main)
