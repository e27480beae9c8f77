"""The process that runs jobs: arq rings, the job record decides.

A ring names a job. Whoever can claim it runs an attempt; whoever cannot does nothing. So a ring
that comes twice, late or to the wrong worker costs a look at the record, and a ring that never
comes is mended by the sweeper that every worker runs.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
from pathlib import Path
from typing import Any, cast

import structlog
from arq.typing import WorkerCoroutine
from arq.worker import Worker, func
from redis.exceptions import RedisError

from store.errors import Conflict, IllegalMove, NotFound, StoreError
from store.logs import configure_logs
from store.queue import job_deserializer, job_serializer, queue_name, redis_settings
from store.records.job import Job
from store.settings import Settings
from store.store import Store, open_store
from workers.attempt import Attempt
from workers.isolation import Nursery
from workers.process import run_until_signalled
from workers.tasks import TASKS

MAX_JOBS = 2
SWEEP_INTERVAL_S = 2.0
FOREVER_S = 10 * 365 * 24 * 3600
log = structlog.get_logger()


class PipelineWorker:
    """Runs up to MAX_JOBS attempts side by side, each with a child process of its own."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._nursery = Nursery()
        self.name = f"{socket.gethostname()}:{os.getpid()}"

    async def run_job(self, _: dict[Any, Any], job_id: str) -> None:
        """Claim the job and run one attempt; a job that is not to be had is somebody else's."""
        try:
            job = await self._store.jobs.claim(job_id, self.name)
        except (IllegalMove, Conflict, NotFound) as refused:
            log.debug("not claimed", job=job_id, reason=str(refused))
            return
        with structlog.contextvars.bound_contextvars(job=job.id, attempt=job.attempt):
            await self._attempt(job)

    async def _attempt(self, job: Job) -> None:
        scratch = self._scratch(job)
        child = await self._nursery.take()
        try:
            await Attempt(self._store, job, child, scratch).run(TASKS[job.kind])
        finally:
            await self._nursery.give_back(child)
            await asyncio.to_thread(shutil.rmtree, scratch, ignore_errors=True)

    def _scratch(self, job: Job) -> Path:
        scratch = self._store.settings.data.absolute() / "work" / f"{job.id}-{job.attempt}"
        scratch.mkdir(parents=True, exist_ok=True)
        return scratch

    async def sweep_forever(self) -> None:
        while True:
            try:
                await self._store.jobs.sweep()
                await self._store.uploads.sweep()
            except StoreError as fault:
                log.warning("sweep failed", reason=str(fault))
            await asyncio.sleep(SWEEP_INTERVAL_S)

    async def serve(self) -> None:
        """Answer rings until cancelled, through any outage of Redis."""
        await self._nursery.restock()
        sweeper = asyncio.create_task(self.sweep_forever())
        bell = self._bell()
        try:
            while True:
                try:
                    await bell.main()
                except (RedisError, OSError) as fault:
                    log.warning("the queue is out of reach", reason=str(fault))
                    await asyncio.sleep(1)
        finally:
            sweeper.cancel()
            await bell.close()
            await self.close()

    async def close(self) -> None:
        """End the spare child; attempts end their own."""
        await self._nursery.close()

    def _bell(self) -> Worker:
        return Worker(
            functions=[func(cast(WorkerCoroutine, self.run_job), name="run_job")],
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


async def main() -> None:
    """Open the store and serve until a signal ends it."""
    settings = Settings()
    configure_logs(settings)
    async with open_store(settings) as store:
        worker = PipelineWorker(store)
        log.info("pipeline worker started", worker=worker.name)
        await run_until_signalled(asyncio.create_task(worker.serve()))
    log.info("pipeline worker stopped", worker=worker.name)


if __name__ == "__main__":
    asyncio.run(main())
